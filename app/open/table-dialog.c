/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a table of samples is meant: shown as it would be read, and changed.
 *
 * What stands between columns, the decimal sign and where values begin parse the table again; the
 * rest is said of its columns as they stand. What a person said is kept where it still makes sense. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/open/table-dialog.h"

#include "app/files/file-dialog.h"
#include "app/open/table-grid.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

static const char delimiters[] = { ',', ';', '\t', '|', ' ' };
static const char decimals[] = { '.', ',' };
static const double time_scales[] = { 1, 1e-3, 1e-6, 1e-9 };

typedef struct
{
  InionOpenAsker asker;
  char *path;
  InionCsvGuess *guess; /* (nullable): as it is now */
  gboolean rate_said;   /* by a person */
  gboolean rows_said;
  gboolean updating;
  gboolean broken;      /* what was said last makes no table: the guess is an older one */

  GtkWindow *dialog;
  GActionMap *actions;
  GtkDropDown *delimiter;
  GtkDropDown *decimal;
  GtkSpinButton *rows;
  GtkEditable *rate;
  GtkDropDown *time_unit;
  GtkLabel *said; /* what is missing, or what was assumed */
  GtkScrolledWindow *preview;
} Dialog;

static void
free_dialog (gpointer data)
{
  Dialog *self = data;

  inion_open_asker_answer (&self->asker, NULL, NULL);
  g_free (self->path);
  inion_csv_guess_free (self->guess);
  g_free (self);
}

static guint
find_char (const char *list,
           gsize       n,
           char        c)
{
  for (gsize i = 0; i < n; i++)
    if (list[i] == c)
      return (guint) i;
  return 0;
}

static guint
count_role (Dialog       *self,
            InionCsvRole  role)
{
  guint n = 0;

  for (guint k = 0; k < self->guess->columns->len; k++)
    n += ((const InionCsvColumn *) self->guess->columns->pdata[k])->role == role;
  return n;
}

/* What keeps the table from being opened; NULL: nothing. */
static const char *
find_lack (Dialog *self)
{
  if (count_role (self, INION_CSV_SIGNAL) == 0)
    return _("Choose at least one column that is a signal.");
  if (!(self->guess->rate_hz > 0))
    return count_role (self, INION_CSV_TIME) > 0
             ? _("The times do not go up: give the rate, or choose another time column.")
             : _("Give the rate, in rows a second, or choose the column that is the time.");
  return NULL;
}

static void
say (Dialog     *self,
     const char *text,
     gboolean    wrong)
{
  gtk_label_set_text (self->said, text);
  if (wrong)
    gtk_widget_add_css_class (GTK_WIDGET (self->said), "finding-warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->said), "finding-warning");
}

static void
update (Dialog *self)
{
  GAction *accept = g_action_map_lookup_action (self->actions, "accept");
  const char *lack = find_lack (self);
  g_autoptr (GString) notes = g_string_new (NULL);

  if (self->broken)
    return;
  for (guint i = 0; i < self->guess->notes->len; i++)
    g_string_append_printf (notes, "%s%s", i > 0 ? " " : "",
                            (const char *) self->guess->notes->pdata[i]);
  say (self, lack != NULL ? lack : notes->str, lack != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->time_unit), count_role (self, INION_CSV_TIME) > 0);
  g_simple_action_set_enabled (G_SIMPLE_ACTION (accept), lack == NULL);
}

static void
show_rate (Dialog *self)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  self->updating = TRUE;
  gtk_editable_set_text (self->rate, self->guess->rate_hz > 0
                                       ? g_ascii_formatd (buffer, sizeof buffer, "%.9g",
                                                          self->guess->rate_hz) : "");
  self->updating = FALSE;
}

/* Without a word of a person, the time column tells. */
static void
follow_time (Dialog *self)
{
  if (self->rate_said || count_role (self, INION_CSV_TIME) == 0)
    return;
  self->guess->rate_hz = inion_csv_guess_find_rate (self->guess);
  show_rate (self);
}

static void
on_column (gboolean role_changed,
           gpointer data)
{
  Dialog *self = data;

  if (role_changed)
    follow_time (self);
  update (self);
}

static void
show_guess (Dialog *self)
{
  guint scale = 0;

  for (guint i = 0; i < G_N_ELEMENTS (time_scales); i++)
    if (fabs (self->guess->time_scale / time_scales[i] - 1) < 1e-6)
      scale = i;
  self->updating = TRUE;
  gtk_drop_down_set_selected (self->delimiter, find_char (delimiters, sizeof delimiters,
                                                          self->guess->delimiter));
  gtk_drop_down_set_selected (self->decimal, find_char (decimals, sizeof decimals,
                                                        self->guess->decimal));
  gtk_spin_button_set_value (self->rows, self->guess->header_rows);
  gtk_drop_down_set_selected (self->time_unit, scale);
  self->updating = FALSE;
  show_rate (self);
  gtk_scrolled_window_set_child (self->preview,
                                 inion_table_grid_new (self->guess, on_column, self));
  update (self);
}

static double
read_rate (Dialog *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->rate)));
  char *end = NULL;
  double rate;

  g_strdelimit (text, ",", '.');
  rate = g_ascii_strtod (text, &end);
  return end != text && *end == '\0' && rate > 0 && rate <= 1e6 ? rate : 0;
}

static void
parse_again (Dialog *self)
{
  g_autoptr (GError) error = NULL;
  InionCsvGuess *guess;

  if (self->updating)
    return;
  guess = inion_csv_guess_again (self->path,
                                 delimiters[gtk_drop_down_get_selected (self->delimiter)],
                                 decimals[gtk_drop_down_get_selected (self->decimal)],
                                 self->rows_said ? gtk_spin_button_get_value_as_int (self->rows) : -1,
                                 &error);
  if (guess == NULL)
    {
      GAction *accept = g_action_map_lookup_action (self->actions, "accept");

      /* The columns that are shown are the last that made sense. */
      self->broken = TRUE;
      say (self, error->message, TRUE);
      gtk_widget_set_sensitive (GTK_WIDGET (self->preview), FALSE);
      g_simple_action_set_enabled (G_SIMPLE_ACTION (accept), FALSE);
      return;
    }
  if (self->rate_said)
    guess->rate_hz = read_rate (self);
  gtk_scrolled_window_set_child (self->preview, NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->preview), TRUE);
  inion_csv_guess_free (self->guess);
  self->guess = guess;
  self->broken = FALSE;
  show_guess (self);
}

static void
on_rows (Dialog *self)
{
  if (self->updating)
    return;
  self->rows_said = TRUE;
  parse_again (self);
}

static void
on_rate (Dialog *self)
{
  if (self->updating)
    return;
  self->rate_said = *gtk_editable_get_text (self->rate) != '\0';
  self->guess->rate_hz = read_rate (self);
  update (self);
}

static void
on_time_unit (Dialog *self)
{
  if (self->updating)
    return;
  self->guess->time_scale = time_scales[gtk_drop_down_get_selected (self->time_unit)];
  follow_time (self);
  update (self);
}

static void
accept (GSimpleAction *action,
        GVariant      *parameter,
        gpointer       data)
{
  Dialog *self = data;

  gtk_scrolled_window_set_child (self->preview, NULL);
  inion_open_asker_answer (&self->asker, self->dialog,
                           inion_choice_new_table (g_steal_pointer (&self->guess)));
}

/* A control under its name; they flow into as many lines as they need. */
static gpointer
add_control (GtkWidget  *flow,
             GtkWidget  *control,
             const char *name,
             const char *title)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *label = gtk_label_new_with_mnemonic (title);

  gtk_widget_set_name (control, name);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_mnemonic_widget (GTK_LABEL (label), control);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (control), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  label, NULL, -1);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), control);
  gtk_flow_box_insert (GTK_FLOW_BOX (flow), box, -1);
  gtk_widget_set_focusable (gtk_widget_get_parent (box), FALSE);
  return control;
}

static GtkWidget *
make_controls (Dialog *self)
{
  const char *const delimiter_names[] = { _("Comma"), _("Semicolon"), _("Tab"), _("Bar"),
                                          _("Blanks"), NULL };
  const char *const decimal_names[] = { _("Point"), _("Comma"), NULL };
  const char *const unit_names[] = { "s", "ms", "µs", "ns", NULL };
  GtkWidget *flow = gtk_flow_box_new ();
  GtkWidget *rate = gtk_entry_new ();

  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (flow), 5);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (flow), 12);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (flow), 6);
  gtk_entry_set_placeholder_text (GTK_ENTRY (rate), _("Hz"));
  gtk_entry_set_activates_default (GTK_ENTRY (rate), TRUE);
  gtk_editable_set_width_chars (GTK_EDITABLE (rate), 8);
  self->rate = add_control (flow, rate, "rate", _("_Rate (Hz)"));
  self->time_unit = add_control (flow, gtk_drop_down_new_from_strings (unit_names), "time-unit",
                                 _("_Unit of Time"));
  self->delimiter = add_control (flow, gtk_drop_down_new_from_strings (delimiter_names),
                                 "delimiter", _("_Between Columns"));
  self->decimal = add_control (flow, gtk_drop_down_new_from_strings (decimal_names), "decimal",
                               _("_Decimal Sign"));
  self->rows = add_control (flow, gtk_spin_button_new_with_range (0, 500, 1), "header-rows",
                            _("_Lines Before Values"));
  g_signal_connect_swapped (self->rate, "changed", G_CALLBACK (on_rate), self);
  g_signal_connect_swapped (self->time_unit, "notify::selected", G_CALLBACK (on_time_unit), self);
  g_signal_connect_swapped (self->delimiter, "notify::selected", G_CALLBACK (parse_again), self);
  g_signal_connect_swapped (self->decimal, "notify::selected", G_CALLBACK (parse_again), self);
  g_signal_connect_swapped (self->rows, "value-changed", G_CALLBACK (on_rows), self);
  return flow;
}

static GtkWidget *
make_page (Dialog   *self,
           gboolean  changed)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *said = gtk_label_new (NULL);
  GtkWidget *frame = gtk_frame_new (NULL);
  g_autofree char *name = g_filename_display_basename (self->path);
  g_autofree char *text =
    g_strdup_printf (changed ? _("%s has changed since it was said how it is meant: please look "
                                 "again. These are its first rows as they are understood.")
                             : _("%s does not say all that is needed to read it. These are its "
                                 "first rows as they are understood."), name);
  GtkWidget *intro = gtk_label_new (text);
  GtkWidget *all = inion_open_asker_add_all (&self->asker);

  gtk_label_set_wrap (GTK_LABEL (intro), TRUE);
  gtk_label_set_xalign (GTK_LABEL (intro), 0);
  self->said = GTK_LABEL (said);
  gtk_widget_set_name (said, "said");
  gtk_label_set_wrap (GTK_LABEL (said), TRUE);
  gtk_label_set_xalign (GTK_LABEL (said), 0);
  gtk_widget_add_css_class (said, "said");
  self->preview = GTK_SCROLLED_WINDOW (gtk_scrolled_window_new ());
  gtk_widget_set_name (GTK_WIDGET (self->preview), "preview");
  gtk_widget_set_vexpand (GTK_WIDGET (self->preview), TRUE);
  gtk_scrolled_window_set_min_content_height (self->preview, 150);
  gtk_widget_add_css_class (GTK_WIDGET (self->preview), "table-preview");
  gtk_frame_set_child (GTK_FRAME (frame), GTK_WIDGET (self->preview));
  gtk_box_append (GTK_BOX (box), intro);
  gtk_box_append (GTK_BOX (box), make_controls (self));
  gtk_box_append (GTK_BOX (box), frame);
  gtk_box_append (GTK_BOX (box), said);
  if (all != NULL)
    gtk_box_append (GTK_BOX (box), all);
  gtk_widget_add_css_class (box, "table-dialog");
  return box;
}

/* What was said before is shown, where the table still looks like that. */
static void
take_before (Dialog            *self,
             const InionChoice *before)
{
  const InionCsvGuess *table = before->table;
  g_autoptr (InionChoice) fitted = NULL;
  InionCsvGuess *guess = inion_csv_guess_again (self->path, table->delimiter, table->decimal,
                                                (int) table->header_rows, NULL);

  fitted = guess != NULL ? inion_choice_fit_table (before, guess) : NULL;
  if (fitted == NULL)
    {
      inion_csv_guess_free (guess);
      return;
    }
  inion_csv_guess_free (self->guess);
  self->guess = guess;
  g_ptr_array_unref (guess->columns);
  guess->columns = g_ptr_array_ref (fitted->table->columns);
  guess->rate_hz = table->rate_hz;
  guess->time_scale = table->time_scale;
  self->rate_said = self->rows_said = TRUE;
}

GtkWindow *
inion_table_dialog_show (InionWindow          *window,
                         const char           *path,
                         InionOpened          *opened,
                         const InionOpenAsker *asker)
{
  static const GActionEntry entries[] = { { "accept", accept } };
  Dialog *self = g_new0 (Dialog, 1);

  self->asker = *asker;
  self->path = g_strdup (path);
  self->guess = g_steal_pointer (&opened->table);
  if (opened->choice != NULL && opened->choice->kind == INION_CHOICE_TABLE)
    take_before (self, opened->choice);
  self->dialog = inion_file_dialog_new (window, _("Read a Table"), make_page (self, opened->changed),
                                        _("_Open"), &self->actions);
  g_object_set_data_full (G_OBJECT (self->dialog), "inion-dialog", self, free_dialog);
  g_action_map_add_action_entries (self->actions, entries, G_N_ELEMENTS (entries), self);
  gtk_window_set_default_widget (self->dialog, g_object_get_data (G_OBJECT (self->dialog), "accept"));
  show_guess (self);
  gtk_window_set_default_size (self->dialog, 760, 600);
  gtk_window_present (self->dialog);
  if (!(self->guess->rate_hz > 0))
    gtk_widget_grab_focus (GTK_WIDGET (self->rate));
  return self->dialog;
}
