/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One channel in the table of the channel editor: what the file says, and what a person is about to
 * say. Coordinates are millimetres with a dot, as people read them; the exact ones that the study or
 * a file gave are kept as long as nobody writes others over them. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/channels/channel-row.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MAX_MM 1000

struct _InionChannelRow
{
  GObject parent_instance;

  guint index;
  InionChannel *file;
  char *texts[INION_CHANNEL_N_TEXTS];
  InionChannelKind kind;
  gboolean bad;
  gboolean exact; /* the coordinates' texts stand for the position */
  double position[3];
};

G_DEFINE_FINAL_TYPE (InionChannelRow, inion_channel_row, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
inion_channel_row_finalize (GObject *object)
{
  InionChannelRow *self = INION_CHANNEL_ROW (object);

  g_clear_object (&self->file);
  for (guint i = 0; i < INION_CHANNEL_N_TEXTS; i++)
    g_clear_pointer (&self->texts[i], g_free);
  G_OBJECT_CLASS (inion_channel_row_parent_class)->finalize (object);
}

static void
inion_channel_row_class_init (InionChannelRowClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_channel_row_finalize;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
inion_channel_row_init (InionChannelRow *self)
{
}

static void
emit (InionChannelRow *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
take_position (InionChannelRow *self,
               const double    *metres)
{
  self->exact = metres != NULL;
  for (guint k = 0; k < 3; k++)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE] = "";

      if (metres != NULL)
        {
          self->position[k] = metres[k];
          g_ascii_formatd (number, sizeof number, "%.1f", metres[k] * 1e3);
        }
      g_free (self->texts[INION_CHANNEL_COLUMN_X + k]);
      self->texts[INION_CHANNEL_COLUMN_X + k] = g_strdup (number);
    }
}

static void
take (InionChannelRow *self,
      InionChannel    *channel)
{
  const InionChannelInfo *info = inion_channel_get_info (channel);

  g_free (self->texts[INION_CHANNEL_COLUMN_LABEL]);
  g_free (self->texts[INION_CHANNEL_COLUMN_UNIT]);
  self->texts[INION_CHANNEL_COLUMN_LABEL] = g_strdup (info->label);
  self->texts[INION_CHANNEL_COLUMN_UNIT] = g_strdup (info->unit);
  self->kind = info->kind;
  take_position (self, info->has_position ? info->position : NULL);
}

InionChannelRow *
inion_channel_row_new (guint         index,
                       InionChannel *file,
                       InionChannel *shown,
                       gboolean      bad)
{
  InionChannelRow *self = g_object_new (INION_TYPE_CHANNEL_ROW, NULL);

  self->index = index;
  self->file = g_object_ref (file);
  self->bad = bad;
  take (self, shown);
  return self;
}

guint
inion_channel_row_get_index (InionChannelRow *self)
{
  return self->index;
}

InionChannel *
inion_channel_row_get_file (InionChannelRow *self)
{
  return self->file;
}

const char *
inion_channel_row_get_text (InionChannelRow    *self,
                            InionChannelColumn  column)
{
  return self->texts[column];
}

void
inion_channel_row_set_text (InionChannelRow    *self,
                            InionChannelColumn  column,
                            const char         *text)
{
  g_autofree char *trimmed = g_strstrip (g_strdup (text));

  if (g_str_equal (self->texts[column], trimmed))
    return;
  /* People write a comma where their language has one. */
  if (column >= INION_CHANNEL_COLUMN_X)
    {
      g_strdelimit (trimmed, ",", '.');
      self->exact = FALSE;
    }
  g_free (self->texts[column]);
  self->texts[column] = g_steal_pointer (&trimmed);
  emit (self);
}

InionChannelKind
inion_channel_row_get_kind (InionChannelRow *self)
{
  return self->kind;
}

void
inion_channel_row_set_kind (InionChannelRow  *self,
                            InionChannelKind  kind)
{
  if (self->kind == kind)
    return;
  self->kind = kind;
  emit (self);
}

gboolean
inion_channel_row_get_bad (InionChannelRow *self)
{
  return self->bad;
}

void
inion_channel_row_set_bad (InionChannelRow *self,
                           gboolean         bad)
{
  if (self->bad == bad)
    return;
  self->bad = bad;
  emit (self);
}

void
inion_channel_row_set_position (InionChannelRow *self,
                                const double    *metres)
{
  take_position (self, metres);
  emit (self);
}

void
inion_channel_row_restore (InionChannelRow *self)
{
  take (self, self->file);
  self->bad = inion_channel_get_info (self->file)->bad;
  emit (self);
}

/* 0: no coordinate is given, 3: all are, −1: one is no number or on no head. */
static int
read_position (InionChannelRow *self,
               double           metres[3])
{
  int n = 0;

  if (self->exact)
    {
      memcpy (metres, self->position, sizeof self->position);
      return 3;
    }
  for (guint k = 0; k < 3; k++)
    {
      const char *text = self->texts[INION_CHANNEL_COLUMN_X + k];
      g_autofree char *ascii = NULL;
      char *end = NULL;
      double mm;

      if (*text == '\0')
        continue;
      ascii = g_str_has_prefix (text, "−") ? g_strconcat ("-", text + strlen ("−"), NULL)
                                           : g_strdup (text);
      mm = g_ascii_strtod (ascii, &end);
      if (end == ascii || *end != '\0' || !(fabs (mm) <= MAX_MM))
        return -1;
      metres[k] = mm / 1e3;
      n++;
    }
  return n;
}

char *
inion_channel_row_dup_problem (InionChannelRow *self)
{
  const char *label = self->texts[INION_CHANNEL_COLUMN_LABEL];
  const char *raw = inion_channel_get_info (self->file)->raw_label;
  double metres[3];
  int n = read_position (self, metres);

  if (*label == '\0')
    return g_strdup_printf (_("The channel that the file calls “%s” has no name."), raw);
  if (strpbrk (label, "\n\t") != NULL)
    return g_strdup_printf (_("The name of “%s” has more than one line."), raw);
  if (n < 0)
    return g_strdup_printf (_("A coordinate of %s is no number of millimetres on a head."), label);
  if (n != 0 && n != 3)
    return g_strdup_printf (_("The position of %s lacks a coordinate."), label);
  return NULL;
}

InionChannelEdit *
inion_channel_row_dup_edit (InionChannelRow *self)
{
  const InionChannelInfo *info = inion_channel_get_info (self->file);
  InionChannelEdit *edit = inion_channel_edit_new (self->index);
  double metres[3] = { 0 };
  gboolean placed = read_position (self, metres) == 3;

  if (strcmp (self->texts[INION_CHANNEL_COLUMN_LABEL], info->label) != 0)
    edit->label = g_strdup (self->texts[INION_CHANNEL_COLUMN_LABEL]);
  if (strcmp (self->texts[INION_CHANNEL_COLUMN_UNIT], info->unit) != 0)
    edit->unit = g_strdup (self->texts[INION_CHANNEL_COLUMN_UNIT]);
  edit->has_kind = self->kind != info->kind;
  edit->kind = self->kind;
  edit->has_position = placed != info->has_position;
  for (guint k = 0; placed && info->has_position && k < 3; k++)
    edit->has_position = edit->has_position || metres[k] != info->position[k];
  edit->placed = edit->has_position && placed;
  memcpy (edit->position, metres, sizeof metres);
  return edit;
}
