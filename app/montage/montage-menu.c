/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The menu of montages: all there are, those that a person wrote, and why some are not possible. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/montage/montage-menu.h"

#include "scalp/montage-file.h"
#include "study/study-montages.h"

#include <glib/gi18n.h>
#include <string.h>

#define N_OWN_KEYS 8 /* Ctrl+F1 to Ctrl+F8 */

static gboolean
has_name (GPtrArray  *names,
          const char *name)
{
  for (guint i = 0; i < names->len; i++)
    if (g_str_equal (names->pdata[i], name))
      return TRUE;
  return FALSE;
}

char **
inion_montage_menu_list_own (InionWindow *window)
{
  InionStudy *study = inion_view_state_get_study (window->state);
  g_autoptr (GPtrArray) of_study = study != NULL ? inion_study_list_montages (study) : NULL;
  g_autoptr (GPtrArray) of_all = inion_montage_folder_list (NULL);
  GPtrArray *names = g_ptr_array_new ();

  for (guint i = 0; of_study != NULL && i < of_study->len; i++)
    g_ptr_array_add (names, g_strdup (((InionOwnMontage *) of_study->pdata[i])->name));
  for (guint i = 0; i < of_all->len; i++)
    {
      const char *name = ((InionMontageFile *) of_all->pdata[i])->name;

      if (!has_name (names, name))
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

static void
append_choice (GMenu      *menu,
               const char *label,
               const char *id,
               const char *key)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, "win.set-montage", g_variant_new_string (id));
  if (key != NULL)
    g_menu_item_set_attribute (item, "accel", "s", key);
  g_menu_append_item (menu, item);
}

static void
append_own (GMenu *menu,
            char **names)
{
  g_autoptr (GMenu) section = g_menu_new ();

  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *id = g_strconcat (INION_MONTAGE_OWN_PREFIX, names[i], NULL);
      g_autofree char *key = i < N_OWN_KEYS ? g_strdup_printf ("<Control>F%u", i + 1) : NULL;
      /* A menu takes an underscore for a mnemonic. */
      g_auto (GStrv) parts = g_strsplit (names[i], "_", -1);
      g_autofree char *label = g_strjoinv ("__", parts);

      append_choice (section, label, id, key);
    }
  if (names[0] != NULL)
    g_menu_append_section (menu, _("Your own"), G_MENU_MODEL (section));
}

static void
append_family (GMenu              *menu,
               const char         *title,
               InionMontageFamily  family,
               InionRecording     *recording)
{
  const char *const *ids = inion_montage_get_ids ();
  g_autoptr (GMenu) section = g_menu_new ();

  for (guint i = 0; ids[i] != NULL; i++)
    if (inion_montage_get_family_for (ids[i]) == family &&
        inion_montage_is_possible (ids[i], recording, NULL))
      append_choice (section, _(inion_montage_get_title_for (ids[i])), ids[i], NULL);
  if (g_menu_model_get_n_items (G_MENU_MODEL (section)) > 0)
    g_menu_append_section (menu, title, G_MENU_MODEL (section));
}

/* So that none seems to be missing: with the reason. */
static void
append_impossible (GMenu          *menu,
                   InionRecording *recording)
{
  const char *const *ids = inion_montage_get_ids ();
  g_autoptr (GMenu) impossible = g_menu_new ();

  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_autoptr (GMenuItem) item = NULL;

      if (inion_montage_is_possible (ids[i], recording, NULL))
        continue;
      item = g_menu_item_new (NULL, NULL);
      g_menu_item_set_attribute (item, "custom", "s", ids[i]);
      g_menu_append_item (impossible, item);
    }
  if (g_menu_model_get_n_items (G_MENU_MODEL (impossible)) > 0)
    g_menu_append_submenu (menu, _("Not with This Recording"), G_MENU_MODEL (impossible));
}

static void
append_actions (GMenu       *menu,
                InionWindow *window)
{
  InionMontage *montage = inion_view_state_get_montage (window->state);
  const char *id = montage != NULL ? inion_montage_get_id (montage) : "";
  g_autoptr (GMenuItem) edit = NULL;

  if (g_str_has_prefix (id, INION_MONTAGE_OWN_PREFIX))
    {
      edit = g_menu_item_new (_("_Edit This Montage…"), NULL);
      g_menu_item_set_action_and_target_value (
        edit, "win.edit-montage",
        g_variant_new_string (id + strlen (INION_MONTAGE_OWN_PREFIX)));
      g_menu_append_item (menu, edit);
    }
  g_menu_append (menu, _("_New Montage…"), "win.edit-montage::");
  g_menu_append (menu, _("_Import Montage…"), "win.import-montage");
}

static GMenu *
make_menu (InionWindow *window)
{
  InionRecording *recording = inion_view_state_get_recording (window->state);
  g_auto (GStrv) own = inion_montage_menu_list_own (window);
  g_autoptr (GMenu) last = g_menu_new ();
  GMenu *menu = g_menu_new ();

  if (recording == NULL)
    return menu;
  append_own (menu, own);
  append_family (menu, _("Referential"), INION_MONTAGE_REFERENTIAL, recording);
  append_family (menu, _("Bipolar"), INION_MONTAGE_BIPOLAR, recording);
  append_family (menu, _("Local"), INION_MONTAGE_LOCAL, recording);
  append_family (menu, _("Depth electrodes"), INION_MONTAGE_DEPTH, recording);
  append_impossible (last, recording);
  append_actions (last, window);
  g_menu_append_section (menu, NULL, G_MENU_MODEL (last));
  return menu;
}

static GtkWidget *
make_text (const char *text,
           int         lines)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), lines > 1);
  gtk_label_set_lines (GTK_LABEL (label), lines);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 42);
  return label;
}

/* Below the name of a montage that is not possible stands the reason: its first two lines, and all
 * of it in the tooltip. */
static GtkWidget *
make_impossible (const char *id,
                 const char *why)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *reason = make_text (why, 2);

  gtk_widget_add_css_class (reason, "caption");
  gtk_box_append (GTK_BOX (box), make_text (_(inion_montage_get_title_for (id)), 1));
  gtk_box_append (GTK_BOX (box), reason);
  gtk_widget_add_css_class (box, "impossible");
  gtk_widget_set_sensitive (box, FALSE);
  gtk_widget_set_tooltip_text (box, why);
  return box;
}

static void
add_impossible (GtkPopoverMenu *popover,
                InionRecording *recording)
{
  const char *const *ids = inion_montage_get_ids ();

  for (guint i = 0; recording != NULL && ids[i] != NULL; i++)
    {
      g_autofree char *why = NULL;

      if (!inion_montage_is_possible (ids[i], recording, &why))
        gtk_popover_menu_add_child (popover, make_impossible (ids[i], why), ids[i]);
    }
}

void
inion_montage_menu_popup (GtkMenuButton *button,
                          gpointer       data)
{
  InionWindow *window = data;
  g_autoptr (GMenu) menu = make_menu (window);

  gtk_menu_button_set_menu_model (button, G_MENU_MODEL (menu));
  add_impossible (GTK_POPOVER_MENU (gtk_menu_button_get_popover (button)),
                  inion_view_state_get_recording (window->state));
}

char *
inion_montage_menu_dup_tooltip (InionWindow *window)
{
  InionMontage *montage = inion_view_state_get_montage (window->state);
  g_autofree char *note = montage != NULL ? inion_montage_dup_note (montage) : NULL;
  g_autofree char *used = montage != NULL ? inion_montage_dup_reference (montage) : NULL;
  GString *text = g_string_new (_("Montage (F1–F8)"));

  if (note != NULL)
    g_string_append_printf (text, "\n%s: %s", _(inion_montage_get_title (montage)), note);
  if (used != NULL)
    g_string_append_printf (text, _("\nReference: %s"), used);
  return g_string_free (text, FALSE);
}
