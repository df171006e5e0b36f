/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "recording/edf-text.h"

#include <string.h>

static const guint8 *
bytes (const char *text)
{
  return (const guint8 *) text;
}

static void
test_numbers (void)
{
  static const struct
  {
    const char *text;
    double value;
    guint oddities;
  } good[] = {
    { "0", 0, 0 },
    { "-100", -100, 0 },
    { "+5.25", 5.25, 0 },
    { ".5", 0.5, 0 },
    { "5.", 5, 0 },
    { "-3276.8", -3276.8, 0 },
    { "  -100  ", -100, INION_EDF_ODD_BLANKS },
    { "-100,5", -100.5, INION_EDF_ODD_COMMA },
    { "1E2", 100, 0 },
    { "-1.5e-1", -0.15, 0 },
    { "1e-05", 1e-05, 0 },
    { "12345678901234567", 12345678901234567., 0 },
    { "0.00000000000000000000001", 0, 0 },
  };
  static const char *const bad[]
      = { "",    "   ",  "nan",   "inf", "1.2.3", "1e", "1.2345e-", "--1",
          "1 2", "0x10", "1e999", "12a", "+",     "-",  ".",        "99999999999999999999" };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      guint oddities = 0;
      double value = 77;

      g_test_message ("“%s”", good[i].text);
      g_assert_true (inion_edf_parse_number (bytes (good[i].text), strlen (good[i].text), &value,
                                             &oddities));
      g_assert_cmpfloat_with_epsilon (value, good[i].value, ABS (good[i].value) * 3e-16 + 1e-300);
      g_assert_cmpuint (oddities, ==, good[i].oddities);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      guint oddities = 0;
      double value = 77;

      g_test_message ("“%s”", bad[i]);
      g_assert_false (inion_edf_parse_number (bytes (bad[i]), strlen (bad[i]), &value, &oddities));
      g_assert_cmpfloat (value, ==, 77);
    }
}

static void
test_padding (void)
{
  guint oddities = 0;
  double value = 0;

  g_assert_true (inion_edf_parse_number (bytes ("12\0\0junk"), 8, &value, &oddities));
  g_assert_cmpfloat (value, ==, 12);
  g_assert_cmpuint (oddities, ==, INION_EDF_ODD_CONTROL);
}

static void
test_integers (void)
{
  static const struct
  {
    const char *text;
    gboolean ok;
    gint64 value;
  } cases[] = {
    { "256", TRUE, 256 },       { "-1", TRUE, -1 },     { "-32768.0", TRUE, -32768 },
    { "1e3", TRUE, 1000 },      { "1.5e1", TRUE, 15 },  { "1500e-2", TRUE, 15 },
    { "1.5", FALSE, 0 },        { "1e99", FALSE, 0 },   { "15e-1", FALSE, 0 },
    { "99999999", TRUE, 99999999 }, { "12x", FALSE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint oddities = 0;
      gint64 value = 0;

      g_test_message ("“%s”", cases[i].text);
      g_assert_cmpint (inion_edf_parse_integer (bytes (cases[i].text), strlen (cases[i].text),
                                                &value, &oddities),
                       ==, cases[i].ok);
      g_assert_cmpint (value, ==, cases[i].value);
    }
}

static void
test_seconds (void)
{
  static const struct
  {
    const char *text;
    gboolean ok;
    gint64 ns;
  } cases[] = {
    { "1", TRUE, 1000000000 },
    { "0.333333", TRUE, 333333000 },
    { "+1.123456789012", TRUE, 1123456789 },
    { "+1.1234567895", TRUE, 1123456790 },
    { "-1.1234567895", TRUE, -1123456790 },
    { "-0.1", TRUE, -100000000 },
    { "1e-05", TRUE, 10000 },
    { "1.5E3", TRUE, G_GINT64_CONSTANT (1500000000000) },
    { "1e-300", TRUE, 0 },
    { "9223372036.854775807", TRUE, G_MAXINT64 },
    { "9223372036.854775808", FALSE, 0 },
    { "1e300", FALSE, 0 },
    { "abc", FALSE, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint oddities = 0;
      gint64 ns = 0;

      g_test_message ("“%s”", cases[i].text);
      g_assert_cmpint (inion_edf_parse_seconds (bytes (cases[i].text), strlen (cases[i].text), &ns,
                                                &oddities), ==, cases[i].ok);
      g_assert_cmpint (ns, ==, cases[i].ns);
    }
}

static void
test_units (void)
{
  static const char *const cases[][2] = {
    { "uV", "µV" },
    { "UV", "µV" },
    { "\xb5V", "µV" },
    { "µV", "µV" },
    { "\xce\xbcV", "µV" },
    { "\x83\xcaV", "µV" },
    { "mV", "mV" },
    { "MV", "mV" },
    { "V", "V" },
    { "nV", "nV" },
    { "degC", "°C" },
    { "\xb0"
      "C",
      "°C" },
    { "%", "%" },
    { "", "" },
    { "Ohm", "Ohm" },
    { "\x90\x81", "\xef\xbf\xbd\xef\xbf\xbd" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint8 field[8];
      guint oddities = 0;
      g_autofree char *unit = NULL;

      memset (field, ' ', sizeof field);
      memcpy (field, cases[i][0], strlen (cases[i][0]));
      unit = inion_edf_unit_dup (field, sizeof field, &oddities);
      g_assert_cmpstr (unit, ==, cases[i][1]);
    }
}

static void
test_texts (void)
{
  static const struct
  {
    const char *raw;
    gsize n;
    const char *text;
    guint oddities;
  } cases[] = {
    { "Fp1     ", 8, "Fp1", 0 },
    { "Fp1\0\0\0\0\0", 8, "Fp1", INION_EDF_ODD_CONTROL },
    { "\0\0\0\0", 4, "", INION_EDF_ODD_CONTROL },
    { "M\xfcller  ", 8, "Müller", INION_EDF_ODD_NOT_ASCII },
    { "M\xc3\xbcller ", 8, "Müller", INION_EDF_ODD_NOT_ASCII },
    { "\x80uro    ", 8, "€uro", INION_EDF_ODD_NOT_ASCII },
    { "a\001b\tc ", 6, "a b c", INION_EDF_ODD_CONTROL },
    { "", 0, "", 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint oddities = 0;
      g_autofree char *text = inion_edf_text_dup (bytes (cases[i].raw), cases[i].n, &oddities);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpuint (oddities & ~(guint) INION_EDF_ODD_BLANKS, ==, cases[i].oddities);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/recording/edf-text/numbers", test_numbers);
  g_test_add_func ("/recording/edf-text/padding", test_padding);
  g_test_add_func ("/recording/edf-text/integers", test_integers);
  g_test_add_func ("/recording/edf-text/seconds", test_seconds);
  g_test_add_func ("/recording/edf-text/units", test_units);
  g_test_add_func ("/recording/edf-text/texts", test_texts);
  return g_test_run ();
}
