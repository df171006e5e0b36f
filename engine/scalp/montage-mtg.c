/* SPDX-License-Identifier: GPL-3.0-or-later */
/* EDFbrowser's montages (.mtg): XML with one <signalcomposition> a trace.
 *
 *   <EDFbrowser_montage>
 *     <signalcomposition>
 *       <alias>…</alias> <voltpercm>70</voltpercm> <polarity>-1</polarity> <color>9</color> …
 *       <signal> <label>EEG Fp1</label> <factor>1</factor> </signal> …
 *       <filter> … </filter>
 *     </signalcomposition>
 *     <pagetime>100000000</pagetime>
 *   </EDFbrowser_montage>
 *
 * Which channels are weighed how, what the trace is called and its colour are taken over. How it
 * was shown (filters, scale, page) belongs to the view and not to the montage: the notes list it. */

#define G_LOG_DOMAIN "inion-scalp"

#include "config.h"

#include "scalp/montage-mtg.h"

#include "core/error.h"
#include "scalp/electrode.h"
#include "scalp/montage-script.h"

#include <math.h>
#include <string.h>

#define MAX_COMPOSITIONS 2048
#define MAX_SIGNALS 512
#define MAX_VALUE 1024
#define NO_INDEX (-1)

typedef struct
{
  char *label;  /* (nullable) */
  int index;    /* in the file, or NO_INDEX */
  double factor;
} Signal;

typedef struct
{
  char *alias;
  GArray *signals; /* of Signal */
  int color;
  double volt_per_cm;
  int polarity;
  gboolean offset;
} Composition;

typedef struct
{
  GPtrArray *compositions;
  GString *value;      /* of the element that is open */
  gboolean in_montage;
  Composition *open;   /* (nullable) */
  gboolean in_signal;
  char *skipped;       /* (nullable): the element that is passed over */
  guint n_filters;
  guint n_docks;
  double page_s;
} Reader;

static void
clear_signal (gpointer data)
{
  g_free (((Signal *) data)->label);
}

static void
composition_free (gpointer data)
{
  Composition *self = data;

  g_free (self->alias);
  g_array_unref (self->signals);
  g_free (self);
}

static gboolean
refuse (GMarkupParseContext  *context,
        GError              **error,
        const char           *what)
{
  int line, character;

  g_markup_parse_context_get_position (context, &line, &character);
  g_set_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "line %d: %s", line, what);
  return FALSE;
}

/* Elements of a composition that are filters, with all that is in them. */
static gboolean
is_filter (const char *element)
{
  static const char *const filters[] = {
    "filter", "ravg_filter", "fidfilter", "fir_filter", "spike_filter", "plif_ecg_filter",
    "plif_eeg_filter", "ecg_filter", "zratio_filter", "math_func_before", "math_func_after",
    "math_func", NULL,
  };

  return g_strv_contains (filters, element);
}

static void
begin_composition (GMarkupParseContext  *context,
                   Reader               *self,
                   GError              **error)
{
  Composition *composition;

  if (self->compositions->len >= MAX_COMPOSITIONS)
    {
      refuse (context, error, "there are too many traces");
      return;
    }
  composition = g_new0 (Composition, 1);
  composition->signals = g_array_new (FALSE, TRUE, sizeof (Signal));
  g_array_set_clear_func (composition->signals, clear_signal);
  composition->color = -1;
  composition->polarity = 1;
  g_ptr_array_add (self->compositions, composition);
  self->open = composition;
}

static void
on_start (GMarkupParseContext  *context,
          const char           *element,
          const char          **names,
          const char          **values,
          gpointer              data,
          GError              **error)
{
  Reader *self = data;

  g_string_truncate (self->value, 0);
  if (self->skipped != NULL)
    return;
  if (!self->in_montage)
    {
      self->in_montage = g_str_has_suffix (element, "_montage");
      if (!self->in_montage)
        refuse (context, error, "this is no montage of EDFbrowser");
    }
  else if (self->open == NULL && g_str_equal (element, "signalcomposition"))
    {
      begin_composition (context, self, error);
    }
  else if (self->open != NULL && !self->in_signal && g_str_equal (element, "signal"))
    {
      const Signal signal = { NULL, NO_INDEX, 1 };

      if (self->open->signals->len >= MAX_SIGNALS)
        refuse (context, error, "a trace has too many signals");
      else
        g_array_append_val (self->open->signals, signal);
      self->in_signal = TRUE;
    }
  else if (self->open != NULL ? is_filter (element) || g_str_equal (element, "floating_ruler")
                              : g_str_has_suffix (element, "dock"))
    {
      self->n_filters += self->open != NULL && is_filter (element);
      self->n_docks += self->open == NULL;
      self->skipped = g_strdup (element);
    }
}

static void
on_text (GMarkupParseContext  *context,
         const char           *text,
         gsize                 n,
         gpointer              data,
         GError              **error)
{
  Reader *self = data;

  if (self->value->len + n <= MAX_VALUE)
    g_string_append_len (self->value, text, (gssize) n);
  else if (self->skipped == NULL && strspn (text, " \t\r\n") < n)
    refuse (context, error, "a value is too long");
}

static gboolean
get_number (GMarkupParseContext  *context,
            const Reader         *self,
            double                limit,
            double               *value,
            GError              **error)
{
  char *end = NULL;

  *value = g_ascii_strtod (self->value->str, &end);
  if (end == self->value->str || *end != '\0' || !(fabs (*value) <= limit))
    return refuse (context, error, "a number cannot be read");
  return TRUE;
}

static void
end_of_signal_part (GMarkupParseContext  *context,
                    Reader               *self,
                    const char           *element,
                    GError              **error)
{
  Signal *signal = &g_array_index (self->open->signals, Signal, self->open->signals->len - 1);
  double number;

  if (g_str_equal (element, "label"))
    {
      g_free (signal->label);
      signal->label = g_strdup (self->value->str);
    }
  else if (g_str_equal (element, "edfindex"))
    {
      if (get_number (context, self, 65535, &number, error) && number >= 0)
        signal->index = (int) number;
    }
  else if (g_str_equal (element, "factor"))
    {
      if (get_number (context, self, 1e9, &number, error))
        signal->factor = number;
    }
}

static void
end_of_composition_part (GMarkupParseContext  *context,
                         Reader               *self,
                         const char           *element,
                         GError              **error)
{
  double number;

  if (g_str_equal (element, "alias"))
    {
      g_free (self->open->alias);
      self->open->alias = g_strdup (self->value->str);
    }
  else if (g_str_equal (element, "color"))
    {
      /* Newer ones write the parts of a colour; those are passed over. */
      if (strspn (self->value->str, "0123456789") == self->value->len && self->value->len > 0 &&
          get_number (context, self, 255, &number, error))
        self->open->color = (int) number;
    }
  else if (g_str_equal (element, "voltpercm"))
    {
      if (get_number (context, self, 1e12, &number, error))
        self->open->volt_per_cm = number;
    }
  else if (g_str_equal (element, "polarity"))
    {
      if (get_number (context, self, 1e3, &number, error))
        self->open->polarity = number < 0 ? -1 : 1;
    }
  else if (g_str_equal (element, "screen_offset"))
    {
      if (get_number (context, self, 1e12, &number, error))
        self->open->offset = fabs (number) > 0;
    }
}

static void
on_end (GMarkupParseContext  *context,
        const char           *element,
        gpointer              data,
        GError              **error)
{
  Reader *self = data;
  double number;

  g_strstrip (self->value->str);
  self->value->len = strlen (self->value->str);
  if (self->skipped != NULL)
    {
      if (g_str_equal (self->skipped, element))
        g_clear_pointer (&self->skipped, g_free);
    }
  else if (self->in_signal)
    {
      if (g_str_equal (element, "signal"))
        self->in_signal = FALSE;
      else
        end_of_signal_part (context, self, element, error);
    }
  else if (self->open != NULL)
    {
      if (g_str_equal (element, "signalcomposition"))
        self->open = NULL;
      else
        end_of_composition_part (context, self, element, error);
    }
  else if (g_str_equal (element, "pagetime") &&
           get_number (context, self, 1e18, &number, error))
    {
      self->page_s = number / 1e7;
    }
  g_string_truncate (self->value, 0);
}

/* 0xRRGGBB of the toolkit's named colours, in their order from black. */
static gboolean
find_color (int      color,
            guint32 *rgb)
{
  static const guint32 colors[] = {
    0x000000, 0xffffff, 0x808080, 0xa0a0a4, 0xc0c0c0, 0xff0000, 0x00ff00, 0x0000ff, 0x00ffff,
    0xff00ff, 0xffff00, 0x800000, 0x008000, 0x000080, 0x008080, 0x800080, 0x808000,
  };

  if (color < 2 || color - 2 >= (int) G_N_ELEMENTS (colors))
    return FALSE;
  *rgb = colors[color - 2];
  return TRUE;
}

/* One colour for all is no choice of anybody's. */
static gboolean
has_colors (const Reader *self)
{
  for (guint i = 1; i < self->compositions->len; i++)
    {
      const Composition *a = self->compositions->pdata[0], *b = self->compositions->pdata[i];

      if (a->color != b->color)
        return TRUE;
    }
  return FALSE;
}

/* What a channel is called in the text: its electrode, where the label is only that. */
static char *
dup_channel_name (const char *label)
{
  InionElectrodeLabel parsed;
  g_autofree char *written = NULL;

  if (inion_electrode_parse_label (label, &parsed) && *parsed.g2 == '\0')
    written = inion_electrode_dup_written_name (label);
  return inion_montage_text_quote (written != NULL ? written : label);
}

/* (transfer full) (nullable): what a signal is called. */
static char *
dup_label (const Signal    *signal,
           InionRecording  *recording,
           const char      *name,
           GError         **error)
{
  if (signal->label != NULL && *signal->label != '\0')
    return g_strdup (signal->label);
  if (signal->index == NO_INDEX)
    inion_set_error (error, INION_ERROR_FORMAT, "“%s” has a trace with a signal that has no name.",
                     name);
  else if (recording == NULL)
    inion_set_error (error, INION_ERROR_UNSUPPORTED,
                     "“%s” tells its signals by their number in a recording, not by their name. "
                     "Import it while that recording is open.", name);
  else if (signal->index >= (int) inion_recording_get_n_channels (recording))
    inion_set_error (error, INION_ERROR_UNSUPPORTED,
                     "“%s” means signal %d of a recording; this recording has %u.", name,
                     signal->index + 1, inion_recording_get_n_channels (recording));
  else
    return g_strdup (inion_channel_get_label (
                       inion_recording_get_channel (recording, (guint) signal->index)));
  return NULL;
}

static void
append_factor (GString *text,
               double   factor,
               gboolean first)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (text, factor < 0 ? "-" : first ? "" : "+");
  if (fabs (factor) < 1 || fabs (factor) > 1)
    g_string_append_printf (text, "%s*", g_ascii_formatd (number, sizeof number, "%.9g",
                                                          fabs (factor)));
}

static gboolean
write_expression (const Composition  *composition,
                  InionRecording     *recording,
                  const char         *name,
                  GString            *text,
                  GError            **error)
{
  gboolean first = TRUE;

  for (guint i = 0; i < composition->signals->len; i++)
    {
      const Signal *signal = &g_array_index (composition->signals, Signal, i);
      g_autofree char *label = dup_label (signal, recording, name, error);
      g_autofree char *word = NULL;

      if (label == NULL)
        return FALSE;
      if (!(fabs (signal->factor) > 0))
        continue;
      word = dup_channel_name (label);
      append_factor (text, signal->factor, first);
      g_string_append (text, word);
      first = FALSE;
    }
  return TRUE;
}

/* A line of the text; FALSE for an error, nothing for a trace of no signals. */
static gboolean
write_line (const Reader       *self,
            const Composition  *composition,
            InionRecording     *recording,
            const char         *name,
            GString            *text,
            GError            **error)
{
  g_autoptr (GString) expression = g_string_new (NULL);
  guint32 rgb;

  if (!write_expression (composition, recording, name, expression, error))
    return FALSE;
  if (expression->len == 0)
    return TRUE;
  if (composition->alias != NULL && *composition->alias != '\0')
    {
      g_auto (GStrv) parts = g_strsplit (composition->alias, "\"", -1);
      g_autofree char *doubled = g_strjoinv ("\"\"", parts);

      g_strdelimit (doubled, "\r\n\t", ' ');
      g_string_append_printf (text, "\"%s\" = ", doubled);
    }
  g_string_append (text, expression->str);
  if (has_colors (self) && find_color (composition->color, &rgb))
    g_string_append_printf (text, " ; #%06x", rgb);
  g_string_append_c (text, '\n');
  return TRUE;
}

static void
note_scales (const Reader *self,
             GString      *list)
{
  double first = ((Composition *) self->compositions->pdata[0])->volt_per_cm;
  gboolean same = TRUE, inverted = FALSE, offset = FALSE;

  for (guint i = 0; i < self->compositions->len; i++)
    {
      const Composition *composition = self->compositions->pdata[i];

      same = same && !(fabs (composition->volt_per_cm - first) > 1e-9 * fabs (first));
      inverted = inverted || composition->polarity < 0;
      offset = offset || composition->offset;
    }
  if (same && first > 0)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_printf (list, ", the sensitivity (%s units/mm)",
                              g_ascii_formatd (number, sizeof number, "%.4g", first / 10));
    }
  else if (!same)
    {
      g_string_append (list, ", the sensitivity of each trace");
    }
  if (inverted)
    g_string_append (list, ", the inverted polarity");
  if (offset)
    g_string_append (list, ", the offsets on the screen");
}

static void
add_notes (const Reader *self,
           GPtrArray    *notes)
{
  g_autoptr (GString) list = g_string_new (NULL);
  gboolean numbered = FALSE;

  if (self->page_s > 0)
    {
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      g_string_append_printf (list, ", the length of the page (%s s)",
                              g_ascii_formatd (number, sizeof number, "%.4g", self->page_s));
    }
  note_scales (self, list);
  if (self->n_filters > 0)
    g_string_append_printf (list, self->n_filters == 1 ? ", %u filter" : ", %u filters",
                            self->n_filters);
  if (self->n_docks > 0)
    g_string_append (list, ", the windows of spectra");
  if (list->len > 0)
    g_ptr_array_add (notes, g_strdup_printf ("Not taken over: %s.", list->str + 2));
  for (guint i = 0; i < self->compositions->len; i++)
    {
      const Composition *composition = self->compositions->pdata[i];

      for (guint k = 0; k < composition->signals->len; k++)
        {
          const Signal *signal = &g_array_index (composition->signals, Signal, k);

          numbered = numbered || signal->label == NULL || *signal->label == '\0';
        }
    }
  if (numbered)
    g_ptr_array_add (notes, g_strdup ("The file tells its signals by their number: check that the "
                                      "names are those that were meant."));
}

/* Files of older versions are not always UTF-8. */
static char *
to_utf8 (const char *bytes,
         gsize       n)
{
  char *converted = g_utf8_validate (bytes, (gssize) n, NULL)
                      ? g_strndup (bytes, n)
                      : g_convert (bytes, (gssize) n, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);

  return converted != NULL ? converted : g_utf8_make_valid (bytes, (gssize) n);
}

static char *
write_text (const Reader    *self,
            InionRecording  *recording,
            const char      *name,
            GPtrArray       *notes,
            GError         **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->compositions->len; i++)
    {
      if (!write_line (self, self->compositions->pdata[i], recording, name, text, error))
        return NULL;
    }
  if (text->len == 0)
    {
      inion_set_error (error, INION_ERROR_FORMAT, "“%s” has no traces: there is nothing to import.",
                       name);
      return NULL;
    }
  add_notes (self, notes);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * inion_montage_mtg_parse:
 * @name: the file's name, for messages
 * @bytes: (array length=n): the content
 * @n: its length
 * @recording: (nullable): whose channels are meant where the file tells signals by their number
 * @notes: (element-type utf8): what is not taken over is added here, in sentences
 * @error: return location
 *
 * Reads a montage of EDFbrowser.
 *
 * Returns: (transfer full) (nullable): the montage as a text, see montage-script.h; %NULL with
 *   %INION_ERROR_FORMAT if it cannot be read, %INION_ERROR_UNSUPPORTED where signals are numbers
 *   that no channel of @recording answers to
 */
char *
inion_montage_mtg_parse (const char      *name,
                         const char      *bytes,
                         gsize            n,
                         InionRecording  *recording,
                         GPtrArray       *notes,
                         GError         **error)
{
  static const GMarkupParser parser = { on_start, on_end, on_text, NULL, NULL };
  Reader reader = { .value = g_string_new (NULL) };
  g_autoptr (GMarkupParseContext) context =
    g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reader, NULL);
  g_autofree char *valid = to_utf8 (bytes, n);
  g_autoptr (GError) xml_error = NULL;
  char *text = NULL;

  reader.compositions = g_ptr_array_new_with_free_func (composition_free);
  if (g_markup_parse_context_parse (context, valid, -1, &xml_error) &&
      g_markup_parse_context_end_parse (context, &xml_error))
    text = write_text (&reader, recording, name, notes, error);
  else
    {
      /* The parser quotes single bytes of a character. */
      g_autofree char *message = g_utf8_make_valid (xml_error->message, -1);

      inion_set_error (error, INION_ERROR_FORMAT, "“%s” cannot be read as a montage: %s.", name,
                       message);
    }
  g_string_free (reader.value, TRUE);
  g_ptr_array_unref (reader.compositions);
  g_free (reader.skipped);
  return text;
}
