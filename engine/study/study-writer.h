/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The study's own thread: it alone touches the file. */

#pragma once

#include "study/study-store.h"

G_BEGIN_DECLS

typedef struct _InionStudyWriter InionStudyWriter;

typedef gboolean (*InionStudyCall) (InionStudyStore *store, gpointer data, GError **error);
typedef void (*InionStudyNews) (gpointer data);

InionStudyWriter *_inion_study_writer_open (const char *path, gboolean writable, InionStudyNews news,
                                            gpointer data, GError **error);
void              _inion_study_writer_close (InionStudyWriter *self);
void              _inion_study_writer_push (InionStudyWriter *self, InionStudyEdit *edit);
void              _inion_study_writer_set_view (InionStudyWriter *self, const char *key, const char *value);
gboolean          _inion_study_writer_call (InionStudyWriter *self, InionStudyCall call, gpointer data,
                                            GError **error);
gboolean          _inion_study_writer_flush (InionStudyWriter *self, GError **error);
void              _inion_study_writer_retry (InionStudyWriter *self);
gint64            _inion_study_writer_get_acknowledged (InionStudyWriter *self);
void              _inion_study_writer_set_acknowledged (InionStudyWriter *self, gint64 sequence);
GError           *_inion_study_writer_dup_error (InionStudyWriter *self);

G_END_DECLS
