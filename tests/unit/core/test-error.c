/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "core/error.h"

#include <errno.h>
#include <string.h>

static void
test_set (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (inion_set_error (&error, INION_ERROR_TOO_FEW, "%s has %d samples.", "Fp1", 3));
  g_assert_error (error, INION_ERROR, INION_ERROR_TOO_FEW);
  g_assert_cmpstr (error->message, ==, "Fp1 has 3 samples.");
  g_assert_false (inion_set_error (NULL, INION_ERROR_FAILED, "nobody listens"));
}

/* The first error is the cause: a second one is a mistake of the program and does not replace it. */
static void
test_set_twice (void)
{
  g_autoptr (GError) error = NULL;

  inion_set_error (&error, INION_ERROR_IO, "first");
  g_test_expect_message ("inion-core", G_LOG_LEVEL_WARNING, "*error*NULL*");
  inion_set_error (&error, INION_ERROR_FORMAT, "second");
  g_test_assert_expected_messages ();
  g_assert_error (error, INION_ERROR, INION_ERROR_IO);
  g_assert_cmpstr (error->message, ==, "first");
}

static void
test_errno (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (inion_set_error_errno (&error, ENOENT, "Could not open", "/a/b.edf"));
  g_assert_error (error, INION_ERROR, INION_ERROR_IO);
  g_assert_nonnull (strstr (error->message, "Could not open “/a/b.edf”: "));
  g_assert_nonnull (strstr (error->message, g_strerror (ENOENT)));
}

/* A file name need not be UTF-8; a message must be. */
static void
test_errno_odd_name (void)
{
  g_autoptr (GError) error = NULL;

  inion_set_error_errno (&error, EACCES, "Could not open", "/a/\xff\xfe.edf");
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

/* A precision counts bytes; no character is left half. */
static void
test_cut (void)
{
  g_autoptr (GError) error = NULL;

  inion_set_error (&error, INION_ERROR_FORMAT, "“%.4s” and “%.1s” and \xff.", "abcé", "é");
  g_assert_cmpstr (error->message, ==, "“abc” and “” and .");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/core/error/set", test_set);
  g_test_add_func ("/core/error/set-twice", test_set_twice);
  g_test_add_func ("/core/error/errno", test_errno);
  g_test_add_func ("/core/error/errno-odd-name", test_errno_odd_name);
  g_test_add_func ("/core/error/cut", test_cut);
  return g_test_run ();
}
