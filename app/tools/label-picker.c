/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The labels of marks and events, with their counts, to choose among. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/tools/label-picker.h"

#include "annotation/annotation.h"

#define MOST_LABELS 60

typedef struct
{
  const char *label;
  guint n;
} Count;

struct _InionLabelPicker
{
  GtkWidget parent_instance;

  char *action;
  char *listed;              /* what the list shows */
  GtkWidget *box;
};

G_DEFINE_FINAL_TYPE (InionLabelPicker, inion_label_picker, GTK_TYPE_WIDGET)

/* The most frequent first. */
static int
compare_counts (gconstpointer a,
                gconstpointer b)
{
  const Count *x = a, *y = b;

  return x->n != y->n ? (x->n < y->n) - (x->n > y->n) : g_utf8_collate (x->label, y->label);
}

static GArray *
count_labels (GPtrArray *marks)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (g_str_hash, g_str_equal);
  GArray *list = g_array_new (FALSE, FALSE, sizeof (Count));
  GHashTableIter iter;
  gpointer label, n;

  for (guint i = 0; i < marks->len; i++)
    {
      InionAnnotation *mark = g_ptr_array_index (marks, i);
      const char *text = inion_annotation_get_label (mark);
      guint before = GPOINTER_TO_UINT (text != NULL ? g_hash_table_lookup (counts, text) : NULL);

      if (text != NULL && *text != '\0' && !inion_annotation_is_suggestion (mark))
        g_hash_table_insert (counts, (gpointer) text, GUINT_TO_POINTER (before + 1));
    }
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &label, &n))
    {
      Count count = { label, GPOINTER_TO_UINT (n) };

      g_array_append_val (list, count);
    }
  g_array_sort (list, compare_counts);
  g_array_set_size (list, MIN (list->len, MOST_LABELS));
  return list;
}

/* A button that was set to what is chosen asks for nothing. */
static void
on_toggled (GtkCheckButton   *check,
            InionLabelPicker *self)
{
  gboolean chosen = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (check), "chosen"));

  if (gtk_check_button_get_active (check) != chosen)
    gtk_widget_activate_action (GTK_WIDGET (self), self->action, "s",
                                g_object_get_data (G_OBJECT (check), "label"));
}

static void
set_chosen (GtkWidget *check,
            GPtrArray *chosen)
{
  const char *label = g_object_get_data (G_OBJECT (check), "label");
  gboolean is_chosen = g_ptr_array_find_with_equal_func (chosen, label, g_str_equal, NULL);

  g_object_set_data (G_OBJECT (check), "chosen", GINT_TO_POINTER (is_chosen));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), is_chosen);
}

static void
add_label (InionLabelPicker *self,
           const Count      *count,
           GPtrArray        *chosen)
{
  g_autofree char *text = g_strdup_printf ("%s  (%u)", count->label, count->n);
  GtkWidget *check = gtk_check_button_new_with_label (text);

  g_object_set_data_full (G_OBJECT (check), "label", g_strdup (count->label), g_free);
  set_chosen (check, chosen);
  g_signal_connect (check, "toggled", G_CALLBACK (on_toggled), self);
  gtk_box_append (GTK_BOX (self->box), check);
}

static void
inion_label_picker_dispose (GObject *object)
{
  InionLabelPicker *self = INION_LABEL_PICKER (object);

  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_pointer (&self->action, g_free);
  g_clear_pointer (&self->listed, g_free);
  G_OBJECT_CLASS (inion_label_picker_parent_class)->dispose (object);
}

static void
inion_label_picker_class_init (InionLabelPickerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_label_picker_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
inion_label_picker_init (InionLabelPicker *self)
{
  self->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
}

/**
 * inion_label_picker_new:
 * @action: activated with a label when its check button is pressed
 *
 * Returns: (transfer full): a list without labels yet
 */
GtkWidget *
inion_label_picker_new (const char *action)
{
  InionLabelPicker *self = g_object_new (INION_TYPE_LABEL_PICKER, NULL);

  self->action = g_strdup (action);
  return GTK_WIDGET (self);
}

/**
 * inion_label_picker_list:
 * @marks: (element-type InionAnnotation): marks and events; suggestions do not count
 * @chosen: (element-type utf8): labels that are chosen
 *
 * Shows the labels of marks, the most frequent first. The buttons stay what they are where nothing
 * has changed, so that the focus does.
 *
 * Returns: whether the list is another one than before
 */
gboolean
inion_label_picker_list (InionLabelPicker *self,
                         GPtrArray        *marks,
                         GPtrArray        *chosen)
{
  g_autoptr (GArray) counts = count_labels (marks);
  g_autoptr (GString) listed = g_string_new (NULL);

  for (guint i = 0; i < counts->len; i++)
    g_string_append_printf (listed, "%s\t%u\n", g_array_index (counts, Count, i).label,
                            g_array_index (counts, Count, i).n);
  if (g_strcmp0 (listed->str, self->listed) == 0)
    return FALSE;
  inion_label_picker_clear (self);
  for (guint i = 0; i < counts->len; i++)
    add_label (self, &g_array_index (counts, Count, i), chosen);
  self->listed = g_strdup (listed->str);
  return TRUE;
}

void
inion_label_picker_show_chosen (InionLabelPicker *self,
                                GPtrArray        *chosen)
{
  for (GtkWidget *check = gtk_widget_get_first_child (self->box); check != NULL;
       check = gtk_widget_get_next_sibling (check))
    set_chosen (check, chosen);
}

void
inion_label_picker_clear (InionLabelPicker *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->box)) != NULL)
    gtk_box_remove (GTK_BOX (self->box), child);
  g_clear_pointer (&self->listed, g_free);
}

gboolean
inion_label_picker_is_empty (InionLabelPicker *self)
{
  return gtk_widget_get_first_child (self->box) == NULL;
}
