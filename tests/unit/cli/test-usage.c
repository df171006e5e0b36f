/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options, exit codes, languages, and output that nobody takes. */

#include "cli-runner.h"

static const char *const verbs[] = {
  "info", "read", "annotations", "filter", "psd", "spectrogram", "measure", "average",
  "find-like", "clean", "network", "marker", "train", "evaluate",
  "apply", "live", "render", "render traces", "render topomap", "render network", "study",
  "check", "convert",
};

static char *
sample (void)
{
  return cli_data ("recordings", "S007R04.edf");
}

static void
test_help (void)
{
  g_autoptr (CliRun) all = cli_run ("--help", NULL);
  g_autoptr (CliRun) version = cli_run ("--version", NULL);
  g_autoptr (CliRun) nothing = cli_run (NULL, NULL);
  g_autoptr (CliRun) unknown = cli_run ("frobnicate", NULL);

  cli_assert_code (all, 0);
  cli_assert_code (version, 0);
  g_assert_true (g_str_has_prefix (version->out, "inion-cli "));
  cli_assert_code (nothing, 2);
  g_assert_cmpstr (nothing->out, ==, "");
  cli_assert_code (unknown, 2);
  g_assert_nonnull (strstr (unknown->err, "frobnicate"));
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_autoptr (CliRun) run = cli_run_shell ("\"$INION_CLI\" %s --help", verbs[i]);
      g_autoptr (CliRun) full = cli_run_shell ("\"$INION_CLI\" %s --help > /dev/full", verbs[i]);

      cli_assert_code (run, 0);
      g_assert_cmpstr (run->err, ==, "");
      g_assert_nonnull (strstr (run->out, "Keys of --json:"));
      g_assert_nonnull (strstr (run->out, "--json"));
      g_assert_nonnull (strstr (run->out, "Exit status: 0"));
      cli_assert_fails (full, "Could not write the output");
      if (strchr (verbs[i], ' ') == NULL)
        g_assert_nonnull (strstr (all->out, verbs[i]));
    }
}

static void
test_unknown_option (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    {
      g_autoptr (CliRun) run = cli_run_shell ("\"$INION_CLI\" %s --frobnicate x y", verbs[i]);
      g_autoptr (CliRun) nothing = cli_run_shell ("\"$INION_CLI\" %s", verbs[i]);

      cli_assert_code (run, 2);
      g_assert_nonnull (strstr (run->err, "--frobnicate"));
      g_assert_cmpstr (run->out, ==, "");
      cli_assert_code (nothing, 2);
      g_assert_cmpstr (nothing->out, ==, "");
      g_assert_cmpstr (nothing->err, !=, "");
    }
}

/* Wrong words: the status, and a word that must be in the message. $F is a recording. */
static void
test_wrong_values (void)
{
  static const struct
  {
    const char *words;
    int code;
    const char *says;
  } cases[] = {
    { "read $F --from abc", 2, "abc" },
    { "read $F --from 1,5", 2, "1,5" },
    { "read $F --from nan", 2, "nan" },
    { "read $F --from=-1", 2, "--from" },
    { "read $F --to 1e300", 2, "--to" },
    { "read $F --from 3 --to 3", 2, "--to" },
    { "read $F --from 126", 1, "125" },
    { "read $F --channels Cz,Foo", 1, "Foo" },
    { "read $F --channels ''", 1, "--channels" },
    { "read $F $F", 2, "Usage" },
    { "filter $F", 2, "--low" },
    { "filter $F --low 8 --order 0", 2, "--order" },
    { "filter $F --low 8 --order x", 2, "x" },
    { "filter $F --low 8 --order 99", 1, "99" },
    { "filter $F --low 8 --design brick", 2, "--design" },
    { "filter $F --low 8 --phase odd", 2, "--phase" },
    { "filter $F --low 8 --design fir --phase causal", 2, "causal" },
    { "filter $F --low 30 --high 8", 1, "lower edge" },
    { "filter $F --high 80", 1, "80" },
    { "psd $F --method magic", 2, "--method" },
    { "psd $F --segment 0", 2, "--segment" },
    { "psd $F --channels Foo", 1, "Foo" },
    { "clean $F --amplitude x", 2, "--amplitude" },
    { "clean $F --format json", 2, "--format" },
    { "network $F --measure magic", 2, "--measure" },
    { "network $F --epoch 0", 2, "--epoch" },
    { "network $F --null 3", 2, "--null" },
    { "network $F --to 1", 1, "two epochs" },
    { "network $F --channels Cz", 1, "two channels" },
    { "network $F --low 200 --high 300", 1, "200" },
    { "marker $F --channels Foo", 1, "Foo" },
    { "annotations $F --format edf", 2, "--format" },
    { "train $F $F", 2, "-o" },
    { "apply $F $F --step 0", 2, "--step" },
    { "study frobnicate $F", 2, "frobnicate" },
    { "study reproduce $F", 2, "reproduce" },
    { "study list $F $F", 2, "one study" },
    { "live --source replay:$F --model $F --duration 0", 2, "--duration" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = sample ();
      g_autoptr (CliRun) run =
        cli_run_shell ("F='%s'; \"$INION_CLI\" %s", path, cases[i].words);

      if (run->code != cases[i].code || strstr (run->err, cases[i].says) == NULL)
        g_error ("“%s” gave %d (not %d) and: %s", cases[i].words, run->code, cases[i].code,
                 run->err);
      g_assert_cmpstr (run->out, ==, "");
    }
}

/* $R is a recipe, $F a recording. */
static void
test_missing_file (void)
{
  static const char *const words[] = {
    "info absent", "read absent", "annotations absent", "filter absent --low 1", "psd absent",
    "clean absent", "network absent", "marker absent", "train $R absent -o m.json",
    "train absent $F -o m.json", "evaluate $R absent", "evaluate absent $F",
    "evaluate $R $F absent",
    "apply absent $F", "live --source replay:$F --model absent", "render traces absent -o x.png",
    "render topomap absent -o x.png", "render topomap --model absent -o x.png",
    "render network absent -o x.png", "study list absent", "study verify absent",
    "study export absent", "study reproduce absent $F",
  };
  g_autofree char *path = sample ();
  g_autofree char *recipe = cli_data ("recipes", "motor-imagery.json");
  g_autofree char *folder = cli_make_folder ();

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (CliRun) run = cli_run_shell ("cd '%s' && R='%s' F='%s' && \"$INION_CLI\" %s",
                                              folder, recipe, path, words[i]);

      cli_assert_fails (run, "absent");
      g_assert_cmpstr (run->out, ==, "");
      g_assert_cmpuint (cli_count_files (folder), ==, 0);
    }
  cli_remove_folder (folder);
}

/* What is printed in a language, with the name of the folder of its locales. */
static char *
print_all (const char *environment,
           const char *folder)
{
  g_autofree char *path = sample ();
  g_autofree char *recipe = cli_data ("recipes", "motor-imagery-causal.json");
  g_autofree char *second = cli_data ("recordings", "S007R08.edf");
  g_autoptr (CliRun) run = cli_run_shell (
    "cd '%s' && export %s && f='%s' && r='%s' && s='%s' && "
    "for j in '' --json; do "
    "\"$INION_CLI\" info $j $f && \"$INION_CLI\" read $j $f --to 1.5 --channels Cz && "
    "\"$INION_CLI\" filter $j $f --low 1.5 --to 0.5 && \"$INION_CLI\" psd $j $f --segment 1.5 && "
    "\"$INION_CLI\" clean $j $f --blink 3.5 && "
    "\"$INION_CLI\" network $j $f --null 19 --epoch 1.5 && "
    "\"$INION_CLI\" marker $j $f && \"$INION_CLI\" annotations $j $f && "
    "\"$INION_CLI\" evaluate $j $r $f $s && \"$INION_CLI\" train $j $r $f $s -o m.json && "
    "\"$INION_CLI\" apply $j m.json $f --step 0.5 && cat m.json && "
    "\"$INION_CLI\" render traces $j $f --to 2.5 -o p.svg && cat p.svg && "
    "\"$INION_CLI\" render topomap $j $f --time 2.5 -o p.svg && cat p.svg && "
    "\"$INION_CLI\" render network $j $f --epoch 1.5 --to 20.5 -o p.svg && cat p.svg || exit 9; "
    "done", folder, environment, path, recipe, second);

  cli_assert_code (run, 0);
  g_assert_cmpuint (run->out_length, >, 1000000);
  return g_steal_pointer (&run->out);
}

/* Where the decimal sign is a comma, the same bytes come out. */
static void
test_comma (void)
{
  g_autofree char *folder = cli_make_folder ();
  g_autofree char *environment =
    g_strdup_printf ("LOCPATH='%s/locales' LC_ALL=de_DE.UTF-8 LANGUAGE=de", folder);
  g_autoptr (CliRun) check = cli_run_shell (
    "mkdir '%s/locales' && localedef -i de_DE -f UTF-8 '%s/locales/de_DE.UTF-8' >&2; "
    "LOCPATH='%s/locales' LC_ALL=de_DE.UTF-8 locale decimal_point", folder, folder, folder);

  if (g_str_has_prefix (check->out, ","))
    {
      g_autofree char *plain = print_all ("LC_ALL=C.UTF-8", folder);
      g_autofree char *german = print_all (environment, folder);

      g_assert_true (g_str_equal (plain, german));
    }
  else
    {
      g_test_skip ("localedef cannot make a locale with a decimal comma here");
    }
  cli_remove_folder (folder);
}

/* A closed pipe ends the program quietly and at once. */
static void
test_closed_pipe (void)
{
  g_autofree char *path = sample ();
  g_autoptr (CliRun) run =
    cli_run_shell ("\"$INION_CLI\" read '%s' | head -n 1 | cut -c 1-6", path);
  g_autoptr (CliRun) ignored = cli_run_shell (
    "trap '' PIPE; { \"$INION_CLI\" read '%s'; echo $? >&2; } | head -n 1 | cut -c 1-6", path);

  cli_assert_code (run, 0);
  g_assert_cmpstr (run->out, ==, "time_s\n");
  g_assert_cmpstr (run->err, ==, "");
  cli_assert_code (ignored, 0);
  g_assert_cmpstr (ignored->out, ==, "time_s\n");
  g_assert_true (g_str_has_suffix (ignored->err, "\n1\n"));
}

/* A full disk is a failure, however little was to be written. */
static void
test_full (void)
{
  static const char *const words[] = {
    "info $F", "info --json $F", "read $F --to 1", "read $F", "read --json $F", "annotations $F",
    "filter $F --low 1", "psd $F", "clean $F", "network $F --null 19", "marker $F",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autofree char *path = sample ();
      g_autoptr (CliRun) run =
        cli_run_shell ("F='%s'; LC_ALL=C \"$INION_CLI\" %s > /dev/full", path, words[i]);

      cli_assert_fails (run, "No space left on device");
    }
}

/* -o to a device writes into it, and does not put a file in its place. */
static void
test_output_device (void)
{
  g_autofree char *path = sample ();
  g_autofree char *recipe = cli_data ("recipes", "motor-imagery.json");
  g_autofree char *second = cli_data ("recordings", "S007R08.edf");
  g_autofree char *folder = cli_make_folder ();
  g_autoptr (CliRun) full = cli_run_shell (
    "ln -s /dev/full '%s/r.json' && LC_ALL=C \"$INION_CLI\" evaluate '%s' '%s' '%s' -o '%s/r.json'",
    folder, recipe, path, second, folder);
  g_autoptr (CliRun) still = cli_run_shell ("test -L '%s/r.json' && test -c '%s/r.json'", folder,
                                            folder);

  cli_assert_fails (full, "No space left on device");
  cli_assert_code (still, 0);
  cli_remove_folder (folder);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cli/usage/help", test_help);
  g_test_add_func ("/cli/usage/unknown-option", test_unknown_option);
  g_test_add_func ("/cli/usage/wrong-values", test_wrong_values);
  g_test_add_func ("/cli/usage/missing-file", test_missing_file);
  g_test_add_func ("/cli/output/comma", test_comma);
  g_test_add_func ("/cli/output/closed-pipe", test_closed_pipe);
  g_test_add_func ("/cli/output/full", test_full);
  g_test_add_func ("/cli/output/device", test_output_device);
  return g_test_run ();
}
