/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli montage: which montages a recording allows, and what they are made of. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli.h"

#include "app/convert/find-montage.h"
#include "scalp/montage-file.h"

#include <math.h>

static void
add_possible (InionJsonText  *text,
              const char     *id,
              InionRecording *recording)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (InionMontage) montage = inion_montage_new (id, recording, NULL, &error);
  g_autofree char *note = montage != NULL ? inion_montage_dup_note (montage) : NULL;

  inion_json_text_begin_object (text, INION_JSON_INLINE);
  inion_cli_json_string (text, "id", id);
  inion_cli_json_string (text, "title", inion_montage_get_title_for (id));
  inion_json_text_key (text, "possible");
  inion_json_text_boolean (text, montage != NULL);
  if (montage != NULL)
    inion_cli_json_int (text, "n_derivations", inion_montage_get_n_derivations (montage));
  if (note != NULL)
    inion_cli_json_string (text, "note", note);
  if (error != NULL)
    inion_cli_json_string (text, "reason", error->message);
  inion_json_text_end_object (text);
}

static void
print_list (InionRecording *recording)
{
  const char *const *ids = inion_montage_get_ids ();
  InionJsonText *text;

  if (!inion_cli_json)
    {
      for (guint i = 0; ids[i] != NULL; i++)
        {
          g_autofree char *why = NULL;
          gboolean possible = inion_montage_is_possible (ids[i], recording, &why);

          inion_cli_print ("%-16s %s%s%s\n", ids[i], inion_montage_get_title_for (ids[i]),
                           possible ? "" : "  – not possible: ", possible ? "" : why);
        }
      return;
    }
  text = inion_json_text_new ();
  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_json_text_key (text, "montages");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint i = 0; ids[i] != NULL; i++)
    add_possible (text, ids[i], recording);
  inion_json_text_end_array (text);
  inion_json_text_end_object (text);
  inion_cli_print_json (text);
}

static void
add_derivation (InionJsonText *text,
                InionMontage  *montage,
                guint          index)
{
  const InionDerivation *d = inion_montage_get_derivation (montage, index);
  InionRecording *recording = inion_montage_get_recording (montage);

  inion_json_text_begin_object (text, INION_JSON_INLINE);
  inion_cli_json_string (text, "label", d->label);
  inion_cli_json_string (text, "unit", inion_montage_get_unit (montage, index));
  inion_cli_json_int (text, "group", d->group);
  inion_json_text_key (text, "terms");
  inion_json_text_begin_array (text, INION_JSON_INLINE);
  for (guint t = 0; t < d->n_terms; t++)
    {
      inion_json_text_begin_object (text, INION_JSON_INLINE);
      inion_cli_json_string (text, "channel", inion_channel_get_label (
                                                inion_recording_get_channel (recording,
                                                                             d->channels[t])));
      inion_cli_json_double_or_null (text, "weight", d->weights[t]);
      inion_json_text_end_object (text);
    }
  inion_json_text_end_array (text);
  inion_json_text_end_object (text);
}

static void
print_montage (InionMontage *montage)
{
  g_autofree char *note = inion_montage_dup_note (montage);
  InionJsonText *text;

  if (!inion_cli_json)
    {
      g_autofree char *lines = inion_montage_text_from (montage);

      if (note != NULL)
        inion_cli_say ("%s: %s", inion_montage_get_title (montage), note);
      inion_cli_put (lines);
      return;
    }
  text = inion_json_text_new ();
  inion_json_text_begin_object (text, INION_JSON_BLOCK);
  inion_cli_json_string (text, "id", inion_montage_get_id (montage));
  inion_cli_json_string (text, "title", inion_montage_get_title (montage));
  if (note != NULL)
    inion_cli_json_string (text, "note", note);
  inion_json_text_key (text, "derivations");
  inion_json_text_begin_array (text, INION_JSON_BLOCK);
  for (guint i = 0; i < inion_montage_get_n_derivations (montage); i++)
    add_derivation (text, montage, i);
  inion_json_text_end_array (text);
  inion_json_text_end_object (text);
  inion_cli_print_json (text);
}

static gboolean
run (const char  *path,
     const char  *what,
     const char  *bad_text,
     GError     **error)
{
  g_autoptr (InionRecording) recording = inion_cli_open (path, FALSE, error);
  g_auto (GStrv) bad = bad_text != NULL ? g_strsplit (bad_text, ",", -1) : NULL;
  g_autoptr (InionMontage) montage = NULL;

  if (recording == NULL)
    return FALSE;
  if (what == NULL)
    {
      print_list (recording);
      return TRUE;
    }
  montage = inion_find_montage (what, recording, (const char *const *) bad, error);
  if (montage == NULL)
    return FALSE;
  print_montage (montage);
  return TRUE;
}

int
inion_cli_montage (int    argc,
                   char **argv)
{
  g_autofree char *what = NULL, *bad = NULL;
  const GOptionEntry entries[] = {
    { "montage", 0, 0, G_OPTION_ARG_STRING, &what, "Writes this montage as a text: an id, a file "
      "(.montage, .mtg), or own:NAME", "ID" },
    { "bad", 0, 0, G_OPTION_ARG_STRING, &bad, "Bad channels: in no average", "A,B" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;
  int code;

  if (!inion_cli_parse (&argc, &argv, "FILE",
                        "Lists which montages a recording allows, and why not the others. With "
                        "--montage: what that\nmontage is made of, as a text that --montage reads "
                        "again from a file.",
                        "  montages: [{id, title, possible, n_derivations, note, reason}]\n"
                        "  With --montage: id, title, note, derivations: [{label, unit, group,\n"
                        "  terms: [{channel, weight}]}]",
                        entries, 1, 1, &code))
    return code;
  if (what != NULL && !inion_may_be_montage (what))
    {
      g_autofree char *ids = g_strjoinv (", ", (char **) inion_montage_get_ids ());

      return inion_cli_usage ("there is no montage “%s”; there are %s, files (.montage, .mtg) and "
                              "own:NAME", what, ids);
    }
  return run (argv[1], what, bad, &error) ? INION_CLI_OK : inion_cli_fail (error);
}
