/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "scalp/montage-script.h"

#include "core/error.h"
#include "recording/memory-recording.h"

#include <string.h>

static const InionMontageRow *
get_row (InionMontageScript *script,
         guint               index)
{
  g_assert_cmpuint (index, <, script->rows->len);
  return script->rows->pdata[index];
}

static void
assert_term (const InionMontageRow *row,
             guint                  index,
             const char            *name,
             double                 weight)
{
  const InionMontageTerm *term;

  g_assert_cmpuint (index, <, row->terms->len);
  term = &g_array_index (row->terms, InionMontageTerm, index);
  g_assert_cmpstr (term->name, ==, name);
  g_assert_cmpfloat_with_epsilon (term->weight, weight, 1e-15);
}

static void
test_lines (void)
{
  g_autoptr (InionMontageScript) script = inion_montage_script_parse (
    "# my montage\n"
    "Fp1-F7\n"
    "  F7 − T7 ; hidden\r\n"
    "\n"
    "\n"
    "Left ear = C3 - 0.5*(A1 + A2) ; #1a5fb4\n"
    "\"EEG 1\" - \"a \"\"b\"\"\" ; #ABCDEF ; hidden\n"
    "LA'1-LA'2\n");
  const InionMontageRow *row;

  g_assert_cmpuint (script->faults->len, ==, 0);
  g_assert_cmpuint (script->rows->len, ==, 5);
  row = get_row (script, 0);
  g_assert_cmpstr (row->label, ==, "Fp1-F7");
  g_assert_false (row->named);
  g_assert_cmpuint (row->line, ==, 2);
  g_assert_cmpuint (row->group, ==, 0);
  assert_term (row, 0, "Fp1", 1);
  assert_term (row, 1, "F7", -1);
  row = get_row (script, 1);
  g_assert_true (row->hidden);
  g_assert_cmpstr (row->label, ==, "F7 − T7");
  row = get_row (script, 2);
  g_assert_cmpstr (row->label, ==, "Left ear");
  g_assert_true (row->named && row->has_color && !row->hidden);
  g_assert_cmphex (row->color, ==, 0x1a5fb4);
  g_assert_cmpuint (row->group, ==, 1);
  g_assert_cmpuint (row->line, ==, 6);
  assert_term (row, 0, "C3", 1);
  assert_term (row, 1, "A1", -0.5);
  assert_term (row, 2, "A2", -0.5);
  row = get_row (script, 3);
  assert_term (row, 0, "EEG 1", 1);
  assert_term (row, 1, "a \"b\"", -1);
  g_assert_true (row->hidden && row->has_color);
  assert_term (get_row (script, 4), 1, "LA'2", -1);
}

static void
test_expressions (void)
{
  static const struct
  {
    const char *text;
    guint n;
    const char *name;
    double weight;
  } cases[] = {
    { "Cz", 1, "Cz", 1 },
    { "-Cz", 1, "Cz", -1 },
    { "+ - - Cz", 1, "Cz", 1 },
    { "2*3*Cz", 1, "Cz", 6 },
    { "Cz*2/4", 1, "Cz", 0.5 },
    { "Cz/(1+1)", 1, "Cz", 0.5 },
    { "(2 - 1.5)*(Cz - C3)", 2, "Cz", 0.5 },
    { "Cz + Cz", 1, "Cz", 2 },
    { "Cz - (C3 - (C4 - Cz))", 2, "C3", -1 },
    { "1e-1*Cz", 1, "Cz", 0.1 },
    { "1 - 1 + Cz", 1, "Cz", 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (InionMontageScript) script = inion_montage_script_parse (cases[i].text);

      g_test_message ("%s", cases[i].text);
      g_assert_cmpuint (script->faults->len, ==, 0);
      g_assert_cmpuint (get_row (script, 0)->terms->len, ==, cases[i].n);
      assert_term (get_row (script, 0), 0, cases[i].name, cases[i].weight);
    }
}

/* Where the fault is, to the character, and what to do. */
static void
test_faults (void)
{
  static const struct
  {
    const char *text;
    guint column;
    const char *part;
  } cases[] = {
    { "Fp1-", 5, "channel is missing" },
    { "Fp1 - ; hidden", 7, "channel is missing" },
    { "Fp1 F7", 5, "expected" },
    { "Fp1-(F7", 8, "parenthesis is missing" },
    { "Fp1-F7)", 7, "expected" },
    { "Fp1*F7", 4, "multiplied" },
    { "Fp1/F7", 4, "divided by a channel" },
    { "Fp1/0", 4, "divided by zero" },
    { "2*Fp1 + 1", 1, "number alone" },
    { "7", 1, "in quotes" },
    { "2Fp1", 2, "Put *" },
    { "Cz - Cz", 1, "cancel out" },
    { "\"Cz", 1, "quote is not closed" },
    { "\"\"", 1, "no name" },
    { "= Cz", 1, "name of the derivation" },
    { "a = b = c", 7, "before the first" },
    { "Cz ; bold", 6, "hidden" },
    { "Cz ; #12", 6, "colour" },
    { "Größe = Cz & C3", 12, "expected" },
    { "1e300*1e300*Cz", 1, "too large" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf ("C3-C4\n%s\nP3-P4\n", cases[i].text);
      g_autoptr (InionMontageScript) script = inion_montage_script_parse (text);
      const InionMontageFault *fault;

      g_assert_cmpuint (script->rows->len, ==, 2);
      g_assert_cmpuint (script->faults->len, ==, 1);
      fault = script->faults->pdata[0];
      g_test_message ("%s: %u: %s", cases[i].text, fault->column, fault->message);
      g_assert_cmpuint (fault->line, ==, 2);
      g_assert_cmpuint (fault->column, ==, cases[i].column);
      g_assert_nonnull (strstr (fault->message, cases[i].part));
    }
}

static void
test_limits (void)
{
  g_autoptr (GString) deep = g_string_new (NULL), lines = g_string_new (NULL);
  g_autoptr (GString) signs = g_string_new (NULL), longer = g_string_new ("Cz");
  g_autoptr (InionMontageScript) s_deep = NULL, s_lines = NULL, s_signs = NULL, s_longer = NULL;

  for (guint i = 0; i < 1000; i++)
    {
      g_string_append_c (deep, '(');
      g_string_append_c (signs, '-');
    }
  for (guint i = 0; i < 5000; i++)
    {
      g_string_append (lines, "Cz\n");
      g_string_append (longer, "+Cz");
    }
  s_deep = inion_montage_script_parse (deep->str);
  s_signs = inion_montage_script_parse (signs->str);
  s_lines = inion_montage_script_parse (lines->str);
  s_longer = inion_montage_script_parse (longer->str);
  g_assert_cmpuint (s_deep->faults->len, ==, 1);
  g_assert_cmpuint (s_signs->faults->len, ==, 1);
  g_assert_cmpuint (s_longer->faults->len, ==, 1);
  g_assert_cmpuint (s_lines->faults->len, ==, 1);
  g_assert_cmpuint (s_lines->rows->len, ==, 4096);
}

/* Only the line that is meant changes, to the letter. */
static void
test_edit (void)
{
  static const char *const text = "# head\nFp1 -  F7\n\n\"a;b\" = C3 ; hidden\nO1-O2";
  g_autofree char *moved = inion_montage_text_move (text, 2, 5);
  g_autofree char *up = inion_montage_text_move (text, 5, 1);
  g_autofree char *nowhere = inion_montage_text_move (text, 9, 1);
  g_autofree char *removed = inion_montage_text_remove (text, 3);
  g_autofree char *gap = inion_montage_text_insert_gap (text, 2);
  g_autofree char *hidden = inion_montage_text_set_hidden (text, 2, TRUE);
  g_autofree char *shown = inion_montage_text_set_hidden (text, 4, FALSE);
  g_autofree char *colored = inion_montage_text_set_color (text, 4, TRUE, 0x00ff10);
  g_autofree char *plain = inion_montage_text_set_color (colored, 4, FALSE, 0);
  g_autofree char *comment = inion_montage_text_set_hidden (text, 1, TRUE);

  g_assert_cmpstr (moved, ==, "# head\n\n\"a;b\" = C3 ; hidden\nO1-O2\nFp1 -  F7\n");
  g_assert_cmpstr (up, ==, "O1-O2\n# head\nFp1 -  F7\n\n\"a;b\" = C3 ; hidden\n");
  g_assert_cmpstr (nowhere, ==, "# head\nFp1 -  F7\n\n\"a;b\" = C3 ; hidden\nO1-O2\n");
  g_assert_cmpstr (comment, ==, nowhere);
  g_assert_cmpstr (removed, ==, "# head\nFp1 -  F7\n\"a;b\" = C3 ; hidden\nO1-O2\n");
  g_assert_cmpstr (gap, ==, "# head\n\nFp1 -  F7\n\n\"a;b\" = C3 ; hidden\nO1-O2\n");
  g_assert_cmpstr (hidden, ==, "# head\nFp1 -  F7 ; hidden\n\n\"a;b\" = C3 ; hidden\nO1-O2\n");
  g_assert_cmpstr (shown, ==, "# head\nFp1 -  F7\n\n\"a;b\" = C3\nO1-O2\n");
  g_assert_cmpstr (colored, ==, "# head\nFp1 -  F7\n\n\"a;b\" = C3 ; #00ff10 ; hidden\nO1-O2\n");
  g_assert_cmpstr (plain, ==, nowhere);
}

enum { N = 20 };

static InionRecording *
make_recording (const char *const *labels)
{
  InionMemoryRecording *recording = inion_memory_recording_new (100, NULL);

  for (guint c = 0; labels[c] != NULL; c++)
    {
      double samples[N];

      for (guint t = 0; t < N; t++)
        samples[t] = 100.0 * c + t;
      inion_memory_recording_add_channel (recording, labels[c], "µV", samples, N);
    }
  return INION_RECORDING (recording);
}

static const char *const clinical[] = { "EEG C3-Ref", "EEG C4-Ref", "EEG T3-Ref", "EEG A1-Ref",
                                        "EEG A2-Ref", "EEG Cz-Ref", "ECG", NULL };

static InionMontage *
make_own (const char        *text,
          InionRecording    *recording,
          const char *const *bad)
{
  g_autoptr (GError) error = NULL;
  InionMontage *montage = inion_montage_new_own ("Mine", text, recording, bad, &error);

  g_assert_no_error (error);
  return montage;
}

static double
first_value (InionMontage *montage,
             guint         index)
{
  double out[N];

  g_assert_true (inion_montage_read (montage, index, 0, N, out, NULL));
  return out[0];
}

static void
test_own (void)
{
  static const char *const bad[] = { "C4", NULL };
  g_autoptr (InionRecording) recording = make_recording (clinical);
  g_autoptr (InionMontage) montage = make_own (
    "C3-C4\nEars = Cz - 0.5*(A1+A2) ; #ff0000\n\nT7 - avg\nF7-C3\nO1\nECG\n"
    "\"EEG T3-Ref\" ; hidden\n", recording, bad);
  g_autofree char *note = inion_montage_dup_note (montage);
  g_autofree char *key = inion_montage_dup_key (montage);

  g_assert_cmpstr (inion_montage_get_id (montage), ==, "own:Mine");
  g_assert_cmpstr (inion_montage_get_title (montage), ==, "Mine");
  g_assert_true (g_str_has_prefix (key, "own:Mine:"));
  g_assert_cmpuint (inion_montage_get_n_derivations (montage), ==, 4);
  g_assert_cmpfloat (first_value (montage, 0), ==, -100);
  g_assert_cmpfloat (first_value (montage, 1), ==, 500 - 350);
  /* The average is C3, T3 and Cz: C4 is bad, and ears are in no average. */
  g_assert_cmpfloat_with_epsilon (first_value (montage, 2), 200 - 700.0 / 3, 1e-9);
  g_assert_cmpfloat (first_value (montage, 3), ==, 600);
  g_assert_true (inion_montage_get_derivation (montage, 1)->has_color);
  g_assert_cmphex (inion_montage_get_derivation (montage, 1)->color, ==, 0xff0000);
  g_assert_cmpuint (inion_montage_get_derivation (montage, 1)->group, ==, 0);
  g_assert_cmpuint (inion_montage_get_derivation (montage, 2)->group, ==, 1);
  g_assert_cmpint (inion_montage_get_derivation (montage, 3)->kind, ==, INION_CHANNEL_ECG);
  g_assert_cmpstr (note, ==, "without F7-C3, O1 (no F7, O1); C4 is marked bad");
}

static void
test_own_refused (void)
{
  static const char *const mixed[] = { "C3-A2", "C4-A1", "P3-A2", NULL };
  g_autoptr (InionRecording) recording = make_recording (clinical);
  g_autoptr (InionRecording) r_mixed = make_recording (mixed);
  g_autoptr (InionMontage) montage = make_own ("\"C3-A2\" - \"C4-A1\"\n", r_mixed, NULL);
  g_autofree char *note = inion_montage_dup_note (montage);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (note, ==, "of channels with different references: \"C3-A2\" - \"C4-A1\"");
  g_assert_null (inion_montage_new_own ("M", "C3-C4\nC3-", recording, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_INVALID);
  g_assert_cmpstr (error->message, ==, "The montage “M” cannot be read at line 2, character 4: A "
                                       "channel is missing here.");
  g_clear_error (&error);
  g_assert_null (inion_montage_new_own ("M", "X1-X2\nX1-X3", recording, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_assert_cmpstr (error->message, ==, "The montage “M” cannot be shown: the recording has no X1, "
                                       "X2, X3.");
  g_clear_error (&error);
  /* One electrode under its old and its new name. */
  g_assert_null (inion_montage_new_own ("M", "T3-T7", recording, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_clear_error (&error);
  g_assert_null (inion_montage_new_own ("M", "# nothing\n", recording, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_clear_error (&error);
  /* "C3-A2" of another recording is not this one's C3. */
  g_assert_null (inion_montage_new_own ("M", "\"C3-A2\"", recording, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
}

/* Different rates cannot be added. */
static void
test_own_unlike (void)
{
  InionMemoryRecording *memory = inion_memory_recording_new (100, NULL);
  g_autoptr (InionRecording) recording = INION_RECORDING (memory);
  static const double samples[N] = { 0 };
  g_autoptr (InionMontage) montage = NULL;
  g_autofree char *note = NULL;

  inion_memory_recording_add_channel (memory, "C3", "µV", samples, N);
  inion_memory_recording_add_channel (memory, "C4", "mV", samples, N);
  montage = make_own ("C3-C4\nC3\n", recording, NULL);
  note = inion_montage_dup_note (montage);
  g_assert_cmpuint (inion_montage_get_n_derivations (montage), ==, 1);
  g_assert_cmpstr (note, ==, "without C3-C4 (rates, lengths or units differ)");
}

static void
test_own_recorded (void)
{
  static const char *const chain[] = { "FP1-F7", "F7-T7", "T7-P7", "P7-O1", NULL };
  g_autoptr (InionRecording) recording = make_recording (chain);
  g_autoptr (InionMontage) plain = make_own ("F7-T7\n", recording, NULL);
  g_autoptr (InionMontage) summed = make_own ("Fp1-T3\n2*(O1-P7)\n", recording, NULL);
  g_autofree char *note_plain = inion_montage_dup_note (plain);
  g_autofree char *note = inion_montage_dup_note (summed);
  g_autoptr (GError) error = NULL;

  g_assert_null (note_plain);
  g_assert_cmpfloat (first_value (plain, 0), ==, 100);
  g_assert_cmpstr (note, ==, "sums of the differences that were recorded");
  g_assert_cmpfloat (first_value (summed, 0), ==, 100);
  g_assert_cmpfloat (first_value (summed, 1), ==, -600);
  g_assert_null (inion_montage_new_own ("M", "F7", recording, NULL, &error));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
}

/* What is written of a montage gives the same numbers. */
static void
test_round_trip (void)
{
  static const char *const ids[] = { "as-recorded", "average", "linked-ears", "same-ear", "cz" };
  g_autoptr (InionRecording) recording = make_recording (clinical);

  for (guint k = 0; k < G_N_ELEMENTS (ids); k++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (InionMontage) montage = inion_montage_new (ids[k], recording, NULL, &error);
      g_autofree char *text = inion_montage_text_from (montage);
      g_autoptr (InionMontage) again = NULL;

      g_assert_no_error (error);
      g_test_message ("%s", text);
      again = make_own (text, recording, NULL);
      g_assert_cmpuint (inion_montage_get_n_derivations (again), ==,
                        inion_montage_get_n_derivations (montage));
      for (guint i = 0; i < inion_montage_get_n_derivations (montage); i++)
        {
          g_assert_cmpstr (inion_montage_get_derivation (again, i)->label, ==,
                           inion_montage_get_derivation (montage, i)->label);
          g_assert_cmpuint (inion_montage_get_derivation (again, i)->group, ==,
                            inion_montage_get_derivation (montage, i)->group);
          g_assert_cmpfloat_with_epsilon (first_value (again, i), first_value (montage, i), 1e-9);
        }
    }
}

static void
test_quote (void)
{
  static const char *const cases[][2] = {
    { "Fp1", "Fp1" }, { "LA'1", "LA'1" }, { "EEG 1", "\"EEG 1\"" }, { "1", "\"1\"" },
    { "avg", "\"avg\"" }, { "a\"b", "\"a\"\"b\"" }, { "C3-A2", "\"C3-A2\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *quoted = inion_montage_text_quote (cases[i][0]);
      g_autoptr (InionMontageScript) script = inion_montage_script_parse (quoted);

      g_assert_cmpstr (quoted, ==, cases[i][1]);
      assert_term (get_row (script, 0), 0, cases[i][0], 1);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scalp/montage-script/lines", test_lines);
  g_test_add_func ("/scalp/montage-script/expressions", test_expressions);
  g_test_add_func ("/scalp/montage-script/faults", test_faults);
  g_test_add_func ("/scalp/montage-script/limits", test_limits);
  g_test_add_func ("/scalp/montage-script/edit", test_edit);
  g_test_add_func ("/scalp/montage-script/own", test_own);
  g_test_add_func ("/scalp/montage-script/own-refused", test_own_refused);
  g_test_add_func ("/scalp/montage-script/own-unlike", test_own_unlike);
  g_test_add_func ("/scalp/montage-script/own-recorded", test_own_recorded);
  g_test_add_func ("/scalp/montage-script/round-trip", test_round_trip);
  g_test_add_func ("/scalp/montage-script/quote", test_quote);
  return g_test_run ();
}
