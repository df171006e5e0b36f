/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs a fuzz target as an ordinary test: on every file of a corpus folder, on each of them cut at
 * many lengths, and with some bytes changed at random (the same ones in every run). */

#include "core/random.h"

#include <string.h>

#define MUTATIONS 60
#define CUTS 16

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* Numbers and bytes that break parsers. */
static const char *const pieces[] = {
  "-1",       "0",    "99999999", "2147483648", "1e9", "-32768", "nan",
  "\x14\x14", "\x15", "\x14",     "\xff",       "+",   ",",      " ",
};

static gsize
mutate (guint8      *bytes,
        gsize        n,
        InionRandom *random)
{
  for (guint64 k = 1 + inion_random_below (random, 6); k > 0 && n > 0; k--)
    {
      gsize at = (gsize) inion_random_below (random, n);
      const char *piece = pieces[inion_random_below (random, G_N_ELEMENTS (pieces))];

      switch (inion_random_below (random, 4))
        {
        case 0:
          bytes[at] = (guint8) inion_random_next (random);
          break;
        case 1:
          bytes[at] ^= (guint8) (1 << inion_random_below (random, 8));
          break;
        case 2:
          at = MIN (at, 255 - 8); /* the fixed header */
          memcpy (bytes + MIN (at, n), piece, MIN (strlen (piece), n - MIN (at, n)));
          break;
        default:
          memcpy (bytes + at, piece, MIN (strlen (piece), n - at));
        }
    }
  return n;
}

static void
run_file (const char *path)
{
  g_autofree char *content = NULL;
  gsize size = 0;
  InionRandom random;
  guint8 *bytes;

  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  /* Exactly as large as the input, so that a sanitizer sees a byte too far. */
  bytes = g_memdup2 (content, size);
  LLVMFuzzerTestOneInput (bytes, size);
  g_free (bytes);
  for (gsize i = 0; i < CUTS && size > 0; i++)
    {
      gsize n = size * i / CUTS;

      bytes = g_memdup2 (content, MAX (n, 1));
      LLVMFuzzerTestOneInput (bytes, n);
      g_free (bytes);
    }
  inion_random_seed (&random, size, 0);
  for (guint i = 0; i < MUTATIONS && size > 0; i++)
    {
      bytes = g_memdup2 (content, size);
      LLVMFuzzerTestOneInput (bytes, mutate (bytes, size, &random));
      g_free (bytes);
    }
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (argc != 2)
    {
      g_printerr ("Usage: %s CORPUS-FOLDER\n", argv[0]);
      return 2;
    }
  dir = g_dir_open (argv[1], 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *path = g_build_filename (argv[1], names->pdata[i], NULL);

      run_file (path);
    }
  g_print ("%u files, %u runs\n", names->len, names->len * (1 + CUTS + MUTATIONS));
  return names->len > 0 ? 0 : 1;
}
