/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording: channels, samples, clock, events. One reader a format derives from it. */

#pragma once

#include "core/job.h"
#include "recording/channel.h"
#include "recording/recording-segments.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * InionEvent:
 * @onset_ns: nanoseconds since the recording's start (may be negative)
 * @duration_ns: length, or -1 if the file gives none
 * @text: what the file says, UTF-8
 * @channel: index of the channel it belongs to, or -1 for all
 *
 * An event that the file itself holds. Events are facts of the file and never change;
 * annotations are what people say.
 */
typedef struct
{
  gint64 onset_ns;
  gint64 duration_ns;
  char *text;
  int channel;
} InionEvent;

/**
 * InionFault:
 * @offset: byte offset in the file, or -1
 * @field: the header field or place
 * @message: what was found, what was assumed
 *
 * Something wrong in a file that was opened all the same.
 */
typedef struct
{
  gint64 offset;
  char *field;
  char *message;
} InionFault;

#define INION_TYPE_RECORDING (inion_recording_get_type ())
G_DECLARE_DERIVABLE_TYPE (InionRecording, inion_recording, INION, RECORDING, GObject)

/**
 * InionRecordingClass:
 * @read_digital: reads @n digital values of a channel from sample @first of those that the file
 *   holds (gaps do not count); the range has been checked; thread-safe
 * @read_physical: the same in the channel's unit; %NULL if gain and offset say it all
 * @load_events: reads the file's events, in time order; called at most once at a time; %NULL if
 *   the format has none
 * @may_block: whether reading the same samples as @read_digital may wait for a disk; itself it must
 *   not; %NULL: yes, if the recording has files
 */
struct _InionRecordingClass
{
  GObjectClass parent_class;

  gboolean (*read_digital) (InionRecording *self, guint channel, gint64 first, gsize n, gint32 *out,
                            GError **error);
  gboolean (*read_physical) (InionRecording *self, guint channel, gint64 first, gsize n, double *out,
                             GError **error);
  GPtrArray *(*load_events) (InionRecording *self, InionJob *job, GError **error);
  gboolean (*may_block) (InionRecording *self, guint channel, gint64 first, gsize n);

  gpointer padding[3];
};

/* Opens a file by its content. Only the header is read: events arrive with _load_events(). */
/**
 * InionRecordingQuestion:
 * @INION_RECORDING_NO_QUESTION: the file says all by itself
 * @INION_RECORDING_WHICH_STREAMS: it may hold several streams: inion_xdf_list_streams()
 * @INION_RECORDING_WHICH_COLUMNS: it is a table that may not say how it is meant: inion_csv_guess()
 *
 * What a person may be asked about a file before it is opened.
 */
typedef enum
{
  INION_RECORDING_NO_QUESTION,
  INION_RECORDING_WHICH_STREAMS,
  INION_RECORDING_WHICH_COLUMNS,
} InionRecordingQuestion;

InionRecordingQuestion inion_recording_find_question (const char *path);
gboolean               inion_recording_is_known (const char *path);
char           *inion_recording_dup_formats (void);
InionRecording *inion_recording_open (const char *path, GError **error);
InionRecording *inion_recording_open_with_job (const char *path, InionJob *job, GError **error);

const char   *inion_recording_get_path (InionRecording *self);      /* (nullable) for memory recordings */
const char   *inion_recording_get_format (InionRecording *self);    /* "EDF", "EDF+C", "BDF" … */
guint         inion_recording_get_n_channels (InionRecording *self);
InionChannel *inion_recording_get_channel (InionRecording *self, guint index); /* (transfer none) */
int           inion_recording_find_channel (InionRecording *self, const char *label); /* -1: none; also old names T3=T7 is the scalp room's job, here raw or shown label, case-blind */
gint64        inion_recording_get_duration_ns (InionRecording *self);
GDateTime    *inion_recording_get_start (InionRecording *self);     /* (nullable): patient's local time, naive (UTC-tagged), with microseconds */
const char   *inion_recording_get_patient (InionRecording *self);   /* (nullable) the file's raw text */
const char   *inion_recording_get_description (InionRecording *self); /* (nullable) */
GPtrArray    *inion_recording_get_faults (InionRecording *self);    /* (element-type InionFault) (transfer none) */

/* Samples in physical units (EEG in µV). Thread-safe. Range must lie in [0, n_samples]. */
gboolean inion_recording_read (InionRecording *self, guint channel, gint64 first, gsize n, double *out,
                               GError **error);
gboolean inion_recording_read_float (InionRecording *self, guint channel, gint64 first, gsize n, float *out,
                                     GError **error);
gboolean inion_recording_read_digital (InionRecording *self, guint channel, gint64 first, gsize n,
                                       gint32 *out, GError **error);
/* Whether reading them may wait for a disk. Never waits itself. Thread-safe. */
gboolean inion_recording_may_block (InionRecording *self, guint channel, gint64 first, gsize n);

/* Gaps: a recording is one stretch of time or more, in order. A gap counts in sample positions and
 * times; its samples read as NaN. Nothing may be filtered, averaged or cut across one. */
guint    inion_recording_get_n_segments (InionRecording *self); /* 1 unless there are gaps */
void     inion_recording_get_segment (InionRecording *self, guint index, gint64 *from_ns, gint64 *to_ns);
gboolean inion_recording_has_gap (InionRecording *self, gint64 from_ns, gint64 to_ns);
gboolean inion_recording_find_run (InionRecording *self, guint channel, gint64 at, gint64 *first, gint64 *n);
gboolean inion_recording_find_longest_run (InionRecording *self, guint channel, gint64 from, gint64 to,
                                           gint64 *first, gint64 *n); /* within [from, to) */

/* Events: loaded once, off the UI thread; get returns NULL until they are there. Thread-safe. */
gboolean   inion_recording_load_events (InionRecording *self, InionJob *job, GError **error);
GPtrArray *inion_recording_get_events (InionRecording *self); /* (element-type InionEvent) (transfer none) (nullable), sorted by onset */

/* Identity: hex SHA-256. "quick" is over size, mtime and the file's head and tail (cache key);
 * "content" is over all bytes of the file (fingerprints of results). "channels" is over what its
 * channels are taken for, whoever says it: the file, the tables beside it, a person. The first two
 * do not change with these, so that a study finds its recording again; what is computed from a
 * recording is bound to content and channels. All thread-safe. */
char *inion_recording_dup_quick_fingerprint (InionRecording *self, GError **error);
char *inion_recording_dup_content_fingerprint (InionRecording *self, InionJob *job, GError **error);
char *inion_recording_dup_channels_fingerprint (InionRecording *self);

InionEvent *inion_event_new (gint64 onset_ns, gint64 duration_ns, const char *text, int channel);
void        inion_event_free (InionEvent *self);
InionFault *inion_fault_new (gint64 offset, const char *field, const char *format, ...) G_GNUC_PRINTF (3, 4);
void        inion_fault_free (InionFault *self);

/* For readers. */
void inion_recording_set_path (InionRecording *self, const char *path);
void inion_recording_set_format (InionRecording *self, const char *format);
void inion_recording_set_start (InionRecording *self, GDateTime *start);
void inion_recording_set_texts (InionRecording *self, const char *patient, const char *description);
void inion_recording_set_duration_ns (InionRecording *self, gint64 duration_ns);
gboolean inion_recording_add_segment (InionRecording *self, gint64 onset_ns, gint64 length_ns,
                                      gint64 stored_ns); /* before any channel */
void inion_recording_add_channel (InionRecording *self, const InionChannelInfo *info);
void inion_recording_add_channel_runs (InionRecording *self, const InionChannelInfo *info,
                                       const InionSegmentRun *runs, gsize n_runs);
void inion_recording_take_fault (InionRecording *self, InionFault *fault);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionEvent, inion_event_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionFault, inion_fault_free)

G_END_DECLS
