/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the built inion-cli (its path is in INION_CLI) and looks at what it says. */

#pragma once

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>

/* What a run left. */
typedef struct
{
  int code;         /* exit status; 128 + the signal's number where one ended it */
  char *out;
  gsize out_length;
  char *err;
} CliRun;

static inline void
cli_run_free (CliRun *run)
{
  g_free (run->out);
  g_free (run->err);
  g_free (run);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CliRun, cli_run_free)

/* argv[0] is the program. */
static inline CliRun *
cli_run_program (const char *const *argv)
{
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GBytes) err = NULL;
  CliRun *run = g_new0 (CliRun, 1);
  GError *error = NULL;
  gsize n;

  process = g_subprocess_newv (argv,
                               G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE,
                               &error);
  g_assert_no_error (error);
  g_subprocess_communicate (process, NULL, NULL, &out, &err, &error);
  g_assert_no_error (error);
  run->code = g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process)
                                                   : 128 + g_subprocess_get_term_sig (process);
  run->out_length = g_bytes_get_size (out);
  run->out = g_strndup (run->out_length > 0 ? g_bytes_get_data (out, NULL) : "", run->out_length);
  n = g_bytes_get_size (err);
  run->err = g_strndup (n > 0 ? g_bytes_get_data (err, NULL) : "", n);
  return run;
}

/* inion-cli with these words; the last is NULL. */
G_GNUC_NULL_TERMINATED static inline CliRun *
cli_run (const char *first,
         ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  va_list args;

  g_ptr_array_add (argv, (gpointer) g_getenv ("INION_CLI"));
  va_start (args, first);
  for (const char *word = first; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer) word);
  va_end (args);
  g_ptr_array_add (argv, NULL);
  return cli_run_program ((const char *const *) argv->pdata);
}

/* A line of shell, in which $INION_CLI is the program. */
G_GNUC_PRINTF (1, 2) static inline CliRun *
cli_run_shell (const char *format,
               ...)
{
  g_autofree char *line = NULL;
  va_list args;

  va_start (args, format);
  line = g_strdup_vprintf (format, args);
  va_end (args);
  return cli_run_program ((const char *const[]) { "/bin/sh", "-c", line, NULL });
}

/* Ends the test with all that is known where a run did not end as it should. */
static inline void
cli_assert_code (const CliRun *run,
                 int           code)
{
  if (run->code != code)
    g_error ("exit status %d instead of %d: %s", run->code, code, run->err);
}

/* A failure is told in one line that names the thing. */
static inline void
cli_assert_fails (const CliRun *run,
                  const char   *word)
{
  const char *line = strstr (run->err, "inion-cli: ");

  cli_assert_code (run, 1);
  g_assert_nonnull (line);
  g_assert_cmpuint (strcspn (line, "\n") + 1, ==, strlen (line));
  if (strstr (line, word) == NULL)
    g_error ("“%s” is not in: %s", word, line);
}

static inline JsonObject *
cli_parse_json (JsonParser **parser,
                const char  *text)
{
  GError *error = NULL;

  *parser = json_parser_new_immutable ();
  json_parser_load_from_data (*parser, text, -1, &error);
  g_assert_no_error (error);
  g_assert_true (JSON_NODE_HOLDS_OBJECT (json_parser_get_root (*parser)));
  return json_node_get_object (json_parser_get_root (*parser));
}

static inline guint
cli_count_elements (JsonObject *object,
                    const char *member)
{
  return json_array_get_length (json_object_get_array_member (object, member));
}

static inline void
cli_assert_doubles (JsonObject   *object,
                    const char   *member,
                    const double *values,
                    gsize         n)
{
  JsonArray *array = json_object_get_array_member (object, member);

  g_assert_cmpuint (json_array_get_length (array), ==, n);
  for (gsize i = 0; i < n; i++)
    g_assert_cmpfloat (json_array_get_double_element (array, (guint) i), ==, values[i]);
}

/* Rows and fields of a table without quotes. */
static inline char **
cli_split_line (const char *text,
                guint       line)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", (int) line + 2);

  g_assert_cmpuint (g_strv_length (lines), >, line);
  return g_strsplit (lines[line], ",", -1);
}

static inline guint
cli_count_lines (const char *text)
{
  guint n = 0;

  for (const char *p = text; *p != '\0'; p++)
    n += *p == '\n';
  return n;
}

/* A shipped file. */
static inline char *
cli_data (const char *folder,
          const char *name)
{
  return g_build_filename (g_getenv ("INION_DATA"), folder, name, NULL);
}

/* The folder of shared recordings; NULL, and the test is skipped, where there is none. */
static inline char *
cli_find_shared (void)
{
  const char *root = g_getenv ("INION_SHARED");
  g_autofree char *data = root != NULL ? g_build_filename (root, "data", NULL) : NULL;

  if (data != NULL && g_file_test (data, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&data);
  g_test_skip ("INION_SHARED has no recordings");
  return NULL;
}

/* A new folder of one's own, with nothing that a person has set. */
static inline char *
cli_make_folder (void)
{
  GError *error = NULL;
  char *folder = g_dir_make_tmp ("inion-test-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static inline void
cli_remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        cli_remove_folder (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

/* A copy of a shipped recording in a folder. */
static inline char *
cli_copy_recording (const char *folder,
                    const char *name)
{
  g_autofree char *from = cli_data ("recordings", name);
  char *to = g_build_filename (folder, name, NULL);
  g_autofree char *bytes = NULL;
  gsize n;

  g_assert_true (g_file_get_contents (from, &bytes, &n, NULL));
  g_assert_true (g_file_set_contents (to, bytes, (gssize) n, NULL));
  return to;
}

static inline guint
cli_count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}
