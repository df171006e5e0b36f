/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files of a BIDS data set that say something of another one. */

#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

#include "recording/edf-faults.h"

G_BEGIN_DECLS

/* Where a recording is in its data set. */
typedef struct
{
  char *folder;
  char *root;      /* where the inheritance ends */
  char **entities; /* "sub-01", "task-rest", … */
  char *subject;   /* "sub-01" */
} InionBidsPlace;

InionBidsPlace *_inion_bids_place_new (const char *path); /* NULL: no BIDS file */
void            _inion_bids_place_free (InionBidsPlace *self);
char           *_inion_bids_place_find (const InionBidsPlace *self, const char *suffix, const char *space);
GPtrArray      *_inion_bids_place_read_json (const InionBidsPlace *self, const char *suffix, const char *space,
                                             InionEdfFaults *faults);
const char     *_inion_bids_json_get_string (GPtrArray *chain, const char *key);
gboolean        _inion_bids_json_get_number (GPtrArray *chain, const char *key, double *value);

/* A table: names of columns, rows of cells; a missing value is NULL. */
typedef struct
{
  char *name;
  GPtrArray *columns; /* utf8 */
  GPtrArray *rows;    /* GPtrArray of utf8 (nullable) */
  GArray *lines;      /* guint */
} InionBidsTable;

InionBidsTable *_inion_bids_table_read (const char *path, InionEdfFaults *faults);
InionBidsTable *_inion_bids_table_parse (const char *name, const guint8 *bytes, gsize n,
                                         InionEdfFaults *faults);
void            _inion_bids_table_free (InionBidsTable *self);
int             _inion_bids_table_find (const InionBidsTable *self, const char *column);
const char     *_inion_bids_table_get (const InionBidsTable *self, guint row, int column);
gboolean        _inion_bids_table_get_number (const InionBidsTable *self, guint row, int column,
                                              double *value);
guint           _inion_bids_table_get_line (const InionBidsTable *self, guint row);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionBidsPlace, _inion_bids_place_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionBidsTable, _inion_bids_table_free)

G_END_DECLS
