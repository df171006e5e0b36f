/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first rows of a table under what each column is, which can be changed. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/open/table-grid.h"

#include <glib/gi18n.h>

/* What is beyond is read as it was guessed. */
#define MAX_COLUMNS 96
#define MAX_ROWS 8

#define FIRST_ROW 4 /* below the number, the name, the role and the unit */

typedef struct
{
  InionCsvGuess *guess;
  InionTableGridChanged changed;
  gpointer data;
  GtkGrid *grid;
  gboolean updating;
} Grid;

static guint
get_index (GtkWidget *widget)
{
  return GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (widget), "column"));
}

static InionCsvColumn *
get_column (Grid  *self,
            guint  k)
{
  return self->guess->columns->pdata[k];
}

static void
set_text (char       **field,
          const char  *text)
{
  g_free (*field);
  *field = g_strstrip (g_strdup (text));
}

static void
on_name (GtkEditable *entry,
         Grid        *self)
{
  set_text (&get_column (self, get_index (GTK_WIDGET (entry)))->name,
            gtk_editable_get_text (entry));
  self->changed (FALSE, self->data);
}

static void
on_unit (GtkEditable *entry,
         Grid        *self)
{
  set_text (&get_column (self, get_index (GTK_WIDGET (entry)))->unit,
            gtk_editable_get_text (entry));
  self->changed (FALSE, self->data);
}

/* What is not read is dimmed. */
static void
show_role (Grid  *self,
           guint  k)
{
  gboolean ignored = get_column (self, k)->role == INION_CSV_IGNORE;
  GtkWidget *child;

  for (int row = FIRST_ROW; (child = gtk_grid_get_child_at (self->grid, (int) k + 1, row)) != NULL;
       row++)
    gtk_widget_set_opacity (child, ignored ? 0.45 : 1);
  gtk_widget_set_sensitive (gtk_grid_get_child_at (self->grid, (int) k + 1, 1), !ignored);
  gtk_widget_set_sensitive (gtk_grid_get_child_at (self->grid, (int) k + 1, 3),
                            get_column (self, k)->role == INION_CSV_SIGNAL);
}

/* There is one time: another column that was it is left out. */
static void
on_role (GtkDropDown *drop_down,
         GParamSpec  *spec,
         Grid        *self)
{
  guint k = get_index (GTK_WIDGET (drop_down));
  InionCsvRole role = (InionCsvRole) gtk_drop_down_get_selected (drop_down);

  if (self->updating || role > INION_CSV_MARKER)
    return;
  get_column (self, k)->role = role;
  self->updating = TRUE;
  for (guint i = 0; role == INION_CSV_TIME && i < self->guess->columns->len; i++)
    if (i != k && get_column (self, i)->role == INION_CSV_TIME)
      {
        get_column (self, i)->role = INION_CSV_IGNORE;
        if (i < MAX_COLUMNS)
          {
            gtk_drop_down_set_selected (
              GTK_DROP_DOWN (gtk_grid_get_child_at (self->grid, (int) i + 1, 2)), INION_CSV_IGNORE);
            show_role (self, i);
          }
      }
  self->updating = FALSE;
  show_role (self, k);
  self->changed (TRUE, self->data);
}

static void
name_widget (GtkWidget  *widget,
             guint       k,
             const char *what)
{
  /* Translators: such as “Name, column 3”. */
  g_autofree char *label = g_strdup_printf (_("%s, column %u"), what, k + 1);

  g_object_set_data (G_OBJECT (widget), "column", GUINT_TO_POINTER (k));
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static GtkWidget *
make_entry (Grid       *self,
            guint       k,
            const char *text,
            const char *label,
            const char *placeholder,
            GCallback   changed)
{
  GtkWidget *entry = gtk_entry_new ();

  gtk_editable_set_text (GTK_EDITABLE (entry), text);
  gtk_editable_set_width_chars (GTK_EDITABLE (entry), 10);
  gtk_editable_set_max_width_chars (GTK_EDITABLE (entry), 16);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), placeholder);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  name_widget (entry, k, label);
  g_signal_connect (entry, "changed", changed, self);
  return entry;
}

static GtkWidget *
make_role (Grid  *self,
           guint  k)
{
  const char *const roles[] = { _("Leave Out"), _("Signal"), _("Time"), _("Events"), NULL };
  GtkWidget *drop_down = gtk_drop_down_new_from_strings (roles);

  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop_down), get_column (self, k)->role);
  name_widget (drop_down, k, _("What it is"));
  g_signal_connect (drop_down, "notify::selected", G_CALLBACK (on_role), self);
  return drop_down;
}

static void
add_label (Grid       *self,
           const char *text,
           int         column,
           int         row,
           float       xalign)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), xalign);
  gtk_widget_add_css_class (label, "numeric");
  if (row < FIRST_ROW)
    {
      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, "dim-label");
    }
  if (row >= FIRST_ROW)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_max_width_chars (GTK_LABEL (label), 16);
    }
  gtk_grid_attach (self->grid, label, column, row, 1, 1);
}

static void
add_column (Grid  *self,
            guint  k)
{
  const InionCsvColumn *column = get_column (self, k);
  g_autofree char *number = g_strdup_printf ("%u", k + 1);

  add_label (self, number, (int) k + 1, 0, 0.5f);
  gtk_grid_attach (self->grid, make_entry (self, k, column->name, _("Name"), _("Name"),
                                           G_CALLBACK (on_name)), (int) k + 1, 1, 1, 1);
  gtk_grid_attach (self->grid, make_role (self, k), (int) k + 1, 2, 1, 1);
  gtk_grid_attach (self->grid, make_entry (self, k, column->unit, _("Unit"), _("None"),
                                           G_CALLBACK (on_unit)), (int) k + 1, 3, 1, 1);
  for (guint i = 0; i < MIN (self->guess->rows->len, MAX_ROWS); i++)
    {
      char **row = self->guess->rows->pdata[i];

      add_label (self, g_strv_length (row) > k ? row[k] : "", (int) k + 1, FIRST_ROW + (int) i, 1);
    }
  show_role (self, k);
}

GtkWidget *
inion_table_grid_new (InionCsvGuess         *guess,
                      InionTableGridChanged  changed,
                      gpointer               data)
{
  Grid *self = g_new0 (Grid, 1);
  GtkWidget *grid = gtk_grid_new ();
  guint n = MIN (guess->columns->len, MAX_COLUMNS);

  self->guess = guess;
  self->changed = changed;
  self->data = data;
  self->grid = GTK_GRID (grid);
  g_object_set_data_full (G_OBJECT (grid), "inion-grid", self, g_free);
  gtk_grid_set_column_spacing (self->grid, 6);
  gtk_grid_set_row_spacing (self->grid, 6);
  add_label (self, _("Column"), 0, 0, 1);
  add_label (self, _("Name"), 0, 1, 1);
  add_label (self, _("What it is"), 0, 2, 1);
  add_label (self, _("Unit"), 0, 3, 1);
  for (guint k = 0; k < n; k++)
    add_column (self, k);
  if (guess->columns->len > n)
    {
      g_autofree char *more = g_strdup_printf (
        ngettext ("and %u more column, read as it was guessed",
                  "and %u more columns, read as they were guessed", guess->columns->len - n),
        guess->columns->len - n);

      add_label (self, more, (int) n + 1, 0, 0);
    }
  return grid;
}
