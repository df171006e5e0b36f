/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vocabulary: labels with a colour, a key and a letter.
 *
 * Colours are those of Okabe and Ito ("Color universal design", 2008), which people with any kind
 * of colour vision tell apart. A name that is in no palette gets a hue from its letters, so that it
 * looks the same tomorrow and on another machine.
 */

#define G_LOG_DOMAIN "inion-annotation"

#include "config.h"

#include "annotation/label.h"

#include <math.h>

struct _InionLabel
{
  GObject parent_instance;

  char *name;
  char *key;
  char *group;
  guint32 color;
};

struct _InionPalette
{
  GObject parent_instance;

  GPtrArray *labels;
};

static const struct
{
  const char *name;
  guint32 color;
  const char *key;
  const char *group;
} default_labels[] = {
  { "blink", 0xE69F00, "1", "artifact" },
  { "eye movement", 0x56B4E9, "2", "artifact" },
  { "muscle", 0x009E73, "3", "artifact" },
  { "movement", 0xF0E442, "4", "artifact" },
  { "electrode", 0x0072B2, "5", "artifact" },
  { "line noise", 0xD55E00, "6", "artifact" },
  { "artifact", 0xCC79A7, "7", "artifact" },
  { "event", 0x999999, "8", "event" },
};

static void inion_palette_list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE (InionLabel, inion_label, G_TYPE_OBJECT)

G_DEFINE_FINAL_TYPE_WITH_CODE (InionPalette, inion_palette, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      inion_palette_list_model_init))

static gboolean
find_position (InionPalette *self,
               const char   *name,
               guint        *position)
{
  for (guint i = 0; i < self->labels->len; i++)
    if (strcmp (((InionLabel *) self->labels->pdata[i])->name, name) == 0)
      {
        *position = i;
        return TRUE;
      }
  return FALSE;
}

/* FNV-1a, 32 bit, with a final mix: names that differ in the last letter land far apart. */
static guint32
hash_name (const char *name)
{
  guint32 hash = 2166136261u;

  for (const char *c = name; *c != '\0'; c++)
    hash = (hash ^ (guint8) *c) * 16777619u;
  hash ^= hash >> 16;
  hash *= 0x85ebca6bu;
  hash ^= hash >> 13;
  return hash;
}

/* Channel of a colour of lightness 0.5 and saturation 0.55; hue in sixths of the circle. */
static guint32
hue_channel (double hue,
             double shift)
{
  double k = fmod (shift + 2.0 * hue, 12.0);
  double value = 0.5 - 0.5 * 0.55 * fmax (-1.0, fmin (fmin (k - 3.0, 9.0 - k), 1.0));

  return (guint32) lround (255.0 * value);
}

static guint32
color_from_name (const char *name)
{
  double hue = (hash_name (name) % 360u) / 60.0;

  return hue_channel (hue, 0.0) << 16 | hue_channel (hue, 8.0) << 8 | hue_channel (hue, 4.0);
}

static GType
inion_palette_get_item_type (GListModel *model)
{
  return INION_TYPE_LABEL;
}

static guint
inion_palette_get_n_items (GListModel *model)
{
  return INION_PALETTE (model)->labels->len;
}

static gpointer
inion_palette_get_item (GListModel *model,
                        guint       position)
{
  InionPalette *self = INION_PALETTE (model);

  return position < self->labels->len ? g_object_ref (self->labels->pdata[position]) : NULL;
}

static void
inion_palette_list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = inion_palette_get_item_type;
  interface->get_n_items = inion_palette_get_n_items;
  interface->get_item = inion_palette_get_item;
}

static void
inion_label_finalize (GObject *object)
{
  InionLabel *self = INION_LABEL (object);

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->key, g_free);
  g_clear_pointer (&self->group, g_free);
  G_OBJECT_CLASS (inion_label_parent_class)->finalize (object);
}

static void
inion_palette_finalize (GObject *object)
{
  InionPalette *self = INION_PALETTE (object);

  g_clear_pointer (&self->labels, g_ptr_array_unref);
  G_OBJECT_CLASS (inion_palette_parent_class)->finalize (object);
}

static void
inion_label_class_init (InionLabelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_label_finalize;
}

static void
inion_palette_class_init (InionPaletteClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_palette_finalize;
}

static void
inion_label_init (InionLabel *self)
{
}

static void
inion_palette_init (InionPalette *self)
{
  self->labels = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * inion_label_new:
 * @name: what it is called
 * @color: 0xRRGGBB
 * @key: (nullable): GDK name of the key that marks it ("1", "b")
 * @group: (nullable): "artifact", "event", "state" or "class"; %NULL is "event"
 *
 * Makes a label. It never changes: a palette replaces it by another of the same name.
 *
 * Returns: (transfer full): the label
 */
InionLabel *
inion_label_new (const char *name,
                 guint32     color,
                 const char *key,
                 const char *group)
{
  InionLabel *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (INION_TYPE_LABEL, NULL);
  self->name = g_utf8_make_valid (name, -1);
  self->color = color & 0xFFFFFFu;
  self->key = key != NULL && key[0] != '\0' ? g_utf8_make_valid (key, -1) : NULL;
  self->group = g_utf8_make_valid (group != NULL ? group : "event", -1);
  return self;
}

/**
 * inion_label_get_name:
 * @self: a label
 *
 * Returns: (transfer none): what it is called
 */
const char *
inion_label_get_name (InionLabel *self)
{
  g_return_val_if_fail (INION_IS_LABEL (self), NULL);

  return self->name;
}

/**
 * inion_label_get_color:
 * @self: a label
 *
 * Returns: its colour, 0xRRGGBB
 */
guint32
inion_label_get_color (InionLabel *self)
{
  g_return_val_if_fail (INION_IS_LABEL (self), 0);

  return self->color;
}

/**
 * inion_label_get_key:
 * @self: a label
 *
 * Returns: (transfer none) (nullable): GDK name of its key
 */
const char *
inion_label_get_key (InionLabel *self)
{
  g_return_val_if_fail (INION_IS_LABEL (self), NULL);

  return self->key;
}

/**
 * inion_label_get_group:
 * @self: a label
 *
 * Returns: (transfer none): "artifact", "event", "state" or "class"
 */
const char *
inion_label_get_group (InionLabel *self)
{
  g_return_val_if_fail (INION_IS_LABEL (self), NULL);

  return self->group;
}

/**
 * inion_palette_new:
 *
 * Makes an empty palette.
 *
 * Returns: (transfer full): the palette
 */
InionPalette *
inion_palette_new (void)
{
  return g_object_new (INION_TYPE_PALETTE, NULL);
}

/**
 * inion_palette_new_default:
 *
 * Makes the palette a new study starts with: the usual artifacts on the keys 1 to 7, and "event"
 * on 8.
 *
 * Returns: (transfer full): the palette
 */
InionPalette *
inion_palette_new_default (void)
{
  InionPalette *self = inion_palette_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (default_labels); i++)
    g_ptr_array_add (self->labels,
                     inion_label_new (default_labels[i].name, default_labels[i].color,
                                      default_labels[i].key, default_labels[i].group));
  return self;
}

/**
 * inion_palette_add:
 * @self: a palette
 * @label: a label; the palette takes a reference
 *
 * Adds a label at the end, or puts it in the place of the one of the same name.
 */
void
inion_palette_add (InionPalette *self,
                   InionLabel   *label)
{
  guint position;
  guint removed = 1;

  g_return_if_fail (INION_IS_PALETTE (self));
  g_return_if_fail (INION_IS_LABEL (label));

  if (find_position (self, label->name, &position))
    g_set_object ((InionLabel **) &self->labels->pdata[position], label);
  else
    {
      position = self->labels->len;
      removed = 0;
      g_ptr_array_add (self->labels, g_object_ref (label));
    }
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, 1);
}

/**
 * inion_palette_remove:
 * @self: a palette
 * @name: a label's name
 *
 * Removes a label.
 *
 * Returns: %FALSE if there is none of this name
 */
gboolean
inion_palette_remove (InionPalette *self,
                      const char   *name)
{
  guint position;

  g_return_val_if_fail (INION_IS_PALETTE (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  if (!find_position (self, name, &position))
    return FALSE;
  g_ptr_array_remove_index (self->labels, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
  return TRUE;
}

/**
 * inion_palette_find:
 * @self: a palette
 * @name: a label's name
 *
 * Returns: (transfer none) (nullable): the label of this name
 */
InionLabel *
inion_palette_find (InionPalette *self,
                    const char   *name)
{
  guint position;

  g_return_val_if_fail (INION_IS_PALETTE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return find_position (self, name, &position) ? self->labels->pdata[position] : NULL;
}

/**
 * inion_palette_find_key:
 * @self: a palette
 * @key: GDK name of a key
 *
 * Returns: (transfer none) (nullable): the first label on this key
 */
InionLabel *
inion_palette_find_key (InionPalette *self,
                        const char   *key)
{
  g_return_val_if_fail (INION_IS_PALETTE (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  for (guint i = 0; i < self->labels->len; i++)
    if (g_strcmp0 (((InionLabel *) self->labels->pdata[i])->key, key) == 0)
      return self->labels->pdata[i];
  return NULL;
}

/**
 * inion_palette_get_color:
 * @self: a palette
 * @name: a label's name, known or not
 *
 * Gives the colour of a label; one that is not in the palette has a hue made from its name, always
 * the same.
 *
 * Returns: 0xRRGGBB
 */
guint32
inion_palette_get_color (InionPalette *self,
                         const char   *name)
{
  InionLabel *label;

  g_return_val_if_fail (INION_IS_PALETTE (self), 0x999999);
  g_return_val_if_fail (name != NULL, 0x999999);

  label = inion_palette_find (self, name);
  return label != NULL ? label->color : color_from_name (name);
}

/**
 * inion_palette_is_artifact:
 * @self: a palette
 * @name: a label's name, known or not
 *
 * Tells whether a label marks signal that is not to be trusted. A name that is not in the palette
 * is one if it is an artifact of the default palette or begins with "bad", as MNE writes them.
 *
 * Returns: whether it is an artifact
 */
gboolean
inion_palette_is_artifact (InionPalette *self,
                           const char   *name)
{
  InionLabel *label;

  g_return_val_if_fail (INION_IS_PALETTE (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  label = inion_palette_find (self, name);
  if (label != NULL)
    return strcmp (label->group, "artifact") == 0;
  /* Marks stay what they are when another palette comes. */
  for (gsize i = 0; i < G_N_ELEMENTS (default_labels); i++)
    if (strcmp (default_labels[i].name, name) == 0)
      return strcmp (default_labels[i].group, "artifact") == 0;
  return g_ascii_strncasecmp (name, "bad", 3) == 0;
}
