/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is on screen: the one truth of a window, to which every view binds. */

#pragma once

#include "core/job.h"
#include "decode/result.h"
#include "decode/track.h"
#include "display/pyramid.h"
#include "study/study.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define INION_TYPE_VIEW_STATE (inion_view_state_get_type ())
G_DECLARE_FINAL_TYPE (InionViewState, inion_view_state, INION, VIEW_STATE, GObject)

InionViewState *inion_view_state_new (void);

/* What is open. Setting a recording and its study resets the view to what the study remembers. */
void            inion_view_state_open (InionViewState *self, InionRecording *recording, InionStudy *study);
void            inion_view_state_close (InionViewState *self);
InionRecording *inion_view_state_get_recording (InionViewState *self); /* (transfer none) (nullable) */
InionStudy     *inion_view_state_get_study (InionViewState *self);     /* (transfer none) (nullable) */
InionJobList   *inion_view_state_get_jobs (InionViewState *self);      /* (transfer none) */
double          inion_view_state_get_duration_s (InionViewState *self);
double          inion_view_state_get_mains_hz (InionViewState *self);
void            inion_view_state_set_mains_hz (InionViewState *self, double mains_hz);

/* How the signal is shown. Undoable: goes through the study's journal. */
gboolean                  inion_view_state_set_montage (InionViewState *self, const char *id, GError **error);
InionMontage             *inion_view_state_get_montage (InionViewState *self); /* (transfer none) (nullable) */
void                      inion_view_state_set_filter (InionViewState *self, const InionDisplayFilter *filter);
const InionDisplayFilter *inion_view_state_get_filter (InionViewState *self);
/* A look at the raw signal, while a key is held; not an edit. */
void                      inion_view_state_set_peeking (InionViewState *self, gboolean peeking);
gboolean                  inion_view_state_is_peeking (InionViewState *self);
InionShownSignal         *inion_view_state_get_signal (InionViewState *self);  /* (transfer none) (nullable) */
InionPyramid             *inion_view_state_get_pyramid (InionViewState *self); /* (transfer none) (nullable) */
const char *const        *inion_view_state_get_bad (InionViewState *self);     /* (nullable) labels of bad channels */
gboolean                  inion_view_state_is_bad (InionViewState *self, const char *label);
void                      inion_view_state_set_bad (InionViewState *self, const char *label, gboolean bad);
double                    inion_view_state_get_sensitivity (InionViewState *self); /* µV/mm */
void                      inion_view_state_set_sensitivity (InionViewState *self, double uv_per_mm);
gboolean                  inion_view_state_get_negative_up (InionViewState *self);
void                      inion_view_state_set_negative_up (InionViewState *self, gboolean negative_up);

/* Where one looks. Seconds since the recording's start; remembered, not undoable. */
double   inion_view_state_get_from (InionViewState *self);
double   inion_view_state_get_page (InionViewState *self);     /* seconds a page */
void     inion_view_state_set_from (InionViewState *self, double from_s); /* clamped */
void     inion_view_state_set_page (InionViewState *self, double page_s, double anchor_s); /* anchor: the time that stays in place; NAN: the left edge */
void     inion_view_state_show_time (InionViewState *self, double time_s); /* scrolls only if it is not visible; remembers where one was */
gboolean inion_view_state_go_back (InionViewState *self);
gboolean inion_view_state_go_forward (InionViewState *self);
guint    inion_view_state_get_first_derivation (InionViewState *self);
void     inion_view_state_set_first_derivation (InionViewState *self, guint first);

/* Selection: a stretch of time. NAN: none. */
gboolean inion_view_state_get_selection (InionViewState *self, double *from_s, double *to_s);
void     inion_view_state_select (InionViewState *self, double from_s, double to_s); /* NAN clears */
gint64   inion_view_state_get_selected_mark (InionViewState *self); /* annotation id, 0: none */
void     inion_view_state_set_selected_mark (InionViewState *self, gint64 id);
double   inion_view_state_get_cursor (InionViewState *self);        /* NAN: none */
void     inion_view_state_set_cursor (InionViewState *self, double time_s, int derivation);
int      inion_view_state_get_cursor_derivation (InionViewState *self); /* −1: none */

/* Calipers over one trace, and what lies between them in equal parts. */
typedef struct
{
  double from_s, to_s;
  guint derivation;
  guint n_intervals;         /* at least 1 */
} InionCalipers;

gboolean    inion_view_state_get_calipers (InionViewState *self, InionCalipers *calipers); /* FALSE: there are none */
void        inion_view_state_set_calipers (InionViewState *self, const InionCalipers *calipers); /* NULL takes them away */
const char *inion_view_state_get_caliper_note (InionViewState *self); /* (nullable) what was measured between them */
void        inion_view_state_set_caliper_note (InionViewState *self, const char *note);

/* Decoding. The state keeps references. */
void         inion_view_state_set_recipe (InionViewState *self, InionRecipe *recipe);
InionRecipe *inion_view_state_get_recipe (InionViewState *self);
void         inion_view_state_set_model (InionViewState *self, InionModel *model);
InionModel  *inion_view_state_get_model (InionViewState *self);
void         inion_view_state_set_result (InionViewState *self, InionResult *result);
InionResult *inion_view_state_get_result (InionViewState *self);
void         inion_view_state_take_track (InionViewState *self, InionTrack *track); /* (transfer full) (nullable) */
InionTrack  *inion_view_state_get_track (InionViewState *self);  /* (transfer none) (nullable) */
gboolean     inion_view_state_get_track_stale (InionViewState *self);
void         inion_view_state_set_track_stale (InionViewState *self, gboolean stale);

/* Colours of classes, the same in every view: Okabe–Ito in class order. */
guint32      inion_view_state_get_class_color (guint class_index);

/* Clock text for a time: "12:03:41.250" if the start is known, else "+00:03:41.250". decimals 0–3. */
char        *inion_view_state_format_time (InionViewState *self, double time_s, int decimals);

/* Properties (notify): recording, study, montage, filter, signal, bad, sensitivity, negative-up, options, kind-sensitivities, from, page, first-derivation, selection,
 * selected-mark, cursor, calipers, caliper-note, recipe, model, result, track. Signals: "marks-changed" (annotations or events), "message" (text): something a person should know. */

G_END_DECLS
