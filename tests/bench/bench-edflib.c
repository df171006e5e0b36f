/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What EDFlib takes to open a file and to read its first 10 s, and all of it in blocks of 10 s.
 *
 *   bench-edflib NAME FILE
 */

#include "bench-kit.h"

#include <edflib.h>

typedef struct
{
  const char *path;
  struct edf_hdr_struct header;
  int handle;
} Bench;

static void
open_file (gpointer data)
{
  Bench *bench = data;

  if (edfopen_file_readonly (bench->path, &bench->header, EDFLIB_READ_ALL_ANNOTATIONS) != 0)
    bench_die (bench->path, NULL);
  bench->handle = bench->header.handle;
}

static void
read_block (Bench *bench)
{
  for (int s = 0; s < bench->header.edfsignals; s++)
    {
      double rate = bench->header.signalparam[s].smp_in_datarecord * 1e7 /
                    (double) bench->header.datarecord_duration;
      int n = (int) (10 * rate);
      g_autofree double *x = g_new (double, n);

      if (edfread_physical_samples (bench->handle, s, n, x) < 0)
        bench_die (bench->path, NULL);
    }
}

static void
open_only (gpointer data)
{
  open_file (data);
  edfclose_file (((Bench *) data)->handle);
}

static void
open_and_page (gpointer data)
{
  open_file (data);
  read_block (data);
  edfclose_file (((Bench *) data)->handle);
}

static void
read_all (gpointer data)
{
  Bench *bench = data;

  open_file (bench);
  for (long long at = 0; at < bench->header.file_duration; at += 10 * 10000000LL)
    read_block (bench);
  edfclose_file (bench->handle);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree Bench *bench = g_new0 (Bench, 1);
  g_autofree char *open_key = NULL;
  g_autofree char *page_key = NULL;
  g_autofree char *all_key = NULL;

  if (argc < 3)
    {
      fprintf (stderr, "bench-edflib NAME FILE\n");
      return 2;
    }
  bench->path = argv[2];
  open_key = g_strdup_printf ("open.%s", argv[1]);
  page_key = g_strdup_printf ("open and page.%s", argv[1]);
  all_key = g_strdup_printf ("read all.%s", argv[1]);
  bench_repeat (open_key, 5, open_only, bench, "EDFlib, annotations indexed");
  bench_repeat (page_key, 5, open_and_page, bench, "EDFlib");
  bench_repeat (all_key, 3, read_all, bench, "EDFlib, in blocks of 10 s");
  return 0;
}
