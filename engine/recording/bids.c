/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of a BIDS data set say of a recording.
 *
 * They stand beside the data and are made by people: channels.tsv says what each channel is and
 * which are bad, electrodes.tsv and coordsystem.json where they were, events.tsv what happened,
 * participants.tsv who it was, eeg.json against what was recorded. What the file itself knows (its
 * scale, its rate, its unit) stays; what it can only guess (the kind) or cannot know (bad, position)
 * comes from the data set. Each contradiction is a fault that says which of both was taken. */

#define G_LOG_DOMAIN "inion-recording"

#include "config.h"

#include "recording/bids.h"

#include "recording/bids-participant.h"
#include "recording/bids-sidecar.h"
#include "recording/edf-text.h"
#include "recording/recording-private.h"

#include <math.h>
#include <string.h>

#define NS_PER_S 1e9

typedef struct
{
  const char *type;
  InionChannelKind kind;
} TypeName;

static const TypeName type_names[] = {
  { "EEG", INION_CHANNEL_EEG },         { "SEEG", INION_CHANNEL_EEG },
  { "ECOG", INION_CHANNEL_EEG },        { "DBS", INION_CHANNEL_EEG },
  { "EOG", INION_CHANNEL_EOG },         { "HEOG", INION_CHANNEL_EOG },
  { "VEOG", INION_CHANNEL_EOG },        { "ECG", INION_CHANNEL_ECG },
  { "EMG", INION_CHANNEL_EMG },         { "RESP", INION_CHANNEL_RESPIRATION },
  { "TEMP", INION_CHANNEL_TEMPERATURE }, { "TRIG", INION_CHANNEL_TRIGGER },
  { "MISC", INION_CHANNEL_OTHER },      { "OTHER", INION_CHANNEL_OTHER },
  { "GSR", INION_CHANNEL_OTHER },       { "PPG", INION_CHANNEL_OTHER },
  { "AUDIO", INION_CHANNEL_OTHER },     { "EYEGAZE", INION_CHANNEL_OTHER },
  { "PUPIL", INION_CHANNEL_OTHER },     { "SYSCLOCK", INION_CHANNEL_OTHER },
  { "ADC", INION_CHANNEL_OTHER },       { "DAC", INION_CHANNEL_OTHER },
  { "REF", INION_CHANNEL_EEG },
};

/* Sets what is known of a channel; only before the recording is handed out. */
static void
replace_channel (InionRecording         *recording,
                 guint                   index,
                 const InionChannelInfo *info)
{
  GPtrArray *channels = _inion_recording_get_private (recording)->channels;
  InionChannel *channel = inion_channel_new (info);

  g_object_unref (channels->pdata[index]);
  channels->pdata[index] = channel;
}

static const InionChannelInfo *
get_info (InionRecording *recording,
          guint           index)
{
  return inion_channel_get_info (inion_recording_get_channel (recording, index));
}

static int
find_label (InionRecording *recording,
            const char     *name)
{
  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    if (strcmp (get_info (recording, i)->raw_label, name) == 0)
      return (int) i;
  return inion_recording_find_channel (recording, name);
}

/* The columns of channels.tsv. */
typedef struct
{
  int name, type, units, rate, reference, status;
} ChannelColumns;

static void
take_type (const InionBidsTable *table,
           guint                 row,
           const ChannelColumns *columns,
           InionChannelInfo     *info,
           InionEdfFaults       *faults)
{
  const char *type = _inion_bids_table_get (table, row, columns->type);

  if (type == NULL)
    return;
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++)
    if (g_ascii_strcasecmp (type, type_names[i].type) == 0)
      {
        if (info->kind != type_names[i].kind && info->kind != INION_CHANNEL_OTHER
            && !(info->kind == INION_CHANNEL_SATURATION && type_names[i].kind == INION_CHANNEL_OTHER))
          inion_edf_faults_add (faults, "bids-type", -1, table->name,
                                "“%s” looks like %s, and is said to be %s: the latter was taken.",
                                info->raw_label, inion_channel_kind_to_string (info->kind), type);
        if (info->kind != INION_CHANNEL_SATURATION || type_names[i].kind != INION_CHANNEL_OTHER)
          info->kind = type_names[i].kind;
        return;
      }
  inion_edf_faults_add (faults, "bids-type-unknown", -1, table->name,
                        "The type “%s” of “%s” is unknown; %s was taken.", type, info->raw_label,
                        inion_channel_kind_to_string (info->kind));
}

static gboolean
is_volts (const char *unit)
{
  return g_str_has_suffix (unit, "V") && g_utf8_strlen (unit, -1) <= 2;
}

/* All volts agree: some writers name the unit of the stored numbers, some that of the shown ones. */
static char *
take_unit (const InionBidsTable *table,
           guint                 row,
           const ChannelColumns *columns,
           InionChannelInfo     *info,
           InionEdfFaults       *faults)
{
  const char *text = _inion_bids_table_get (table, row, columns->units);
  guint oddities = 0;
  g_autofree char *unit =
    text != NULL ? inion_edf_unit_dup ((const guint8 *) text, strlen (text), &oddities) : NULL;

  if (unit == NULL || *unit == '\0' || g_strcmp0 (unit, info->unit) == 0)
    return NULL;
  if (info->unit == NULL || *info->unit == '\0')
    {
      info->unit = unit;
      return g_steal_pointer (&unit);
    }
  if (!is_volts (unit) || !is_volts (info->unit))
    inion_edf_faults_add (faults, "bids-unit", -1, table->name,
                          "The unit of “%s” is said to be “%s”; the file says “%s”, which was taken.",
                          info->raw_label, unit, info->unit);
  return NULL;
}

static void
check_rate (const char             *field,
            double                  rate,
            const InionChannelInfo *info,
            InionEdfFaults         *faults)
{
  double own = (double) info->rate_num * NS_PER_S / (double) info->rate_den_ns;

  if (fabs (rate - own) > 1e-4 * own)
    inion_edf_faults_add (faults, "bids-rate", -1, field,
                          "The rate of “%s” is said to be %g Hz; the file says %g Hz, which was taken.",
                          info->raw_label, rate, own);
}

static void
take_reference (const char       *field,
                const char       *reference,
                InionChannelInfo *info,
                InionEdfFaults   *faults)
{
  if (reference == NULL)
    return;
  if (info->reference == NULL || *info->reference == '\0')
    info->reference = reference;
  else if (g_ascii_strcasecmp (info->reference, reference) != 0)
    inion_edf_faults_add (faults, "bids-reference", -1, field,
                          "The reference of “%s” is said to be “%s”; “%s” was taken.",
                          info->raw_label, reference, info->reference);
}

/* Which channel a row is about: by its name, or by its place if there is one row for each. */
static int
find_row_channel (InionRecording       *recording,
                  const InionBidsTable *table,
                  guint                 row,
                  const ChannelColumns *columns,
                  InionEdfFaults       *faults)
{
  const char *name = _inion_bids_table_get (table, row, columns->name);
  int index = name != NULL ? find_label (recording, name) : -1;
  gboolean by_place = table->rows->len == inion_recording_get_n_channels (recording);

  if (index >= 0)
    return index;
  if (by_place && (name == NULL || find_label (recording, get_info (recording, row)->raw_label) >= 0))
    {
      gboolean taken = FALSE;

      for (guint i = 0; i < table->rows->len && name != NULL; i++)
        taken |= g_strcmp0 (_inion_bids_table_get (table, i, columns->name),
                            get_info (recording, row)->raw_label) == 0;
      if (!taken)
        {
          inion_edf_faults_add (faults, "bids-name", -1, table->name,
                                "Line %u is about “%s”; the file's channel at that place is “%s”, "
                                "which was taken.", _inion_bids_table_get_line (table, row),
                                name != NULL ? name : "n/a", get_info (recording, row)->raw_label);
          return (int) row;
        }
    }
  inion_edf_faults_add (faults, "bids-strange", -1, table->name,
                        "Line %u is about “%s”, a channel that the file does not have; it was passed "
                        "over.", _inion_bids_table_get_line (table, row), name != NULL ? name : "n/a");
  return -1;
}

static void
apply_channel (InionRecording       *recording,
               const InionBidsTable *table,
               guint                 row,
               const ChannelColumns *columns,
               guint                 index,
               InionEdfFaults       *faults)
{
  InionChannelInfo info = *get_info (recording, index);
  const char *status = _inion_bids_table_get (table, row, columns->status);
  g_autofree char *unit = NULL;
  double rate;

  take_type (table, row, columns, &info, faults);
  unit = take_unit (table, row, columns, &info, faults);
  if (_inion_bids_table_get_number (table, row, columns->rate, &rate))
    check_rate (table->name, rate, &info, faults);
  take_reference (table->name, _inion_bids_table_get (table, row, columns->reference), &info, faults);
  if (status != NULL && g_ascii_strcasecmp (status, "bad") == 0)
    info.bad = TRUE;
  else if (status != NULL && info.bad && g_ascii_strcasecmp (status, "good") == 0)
    inion_edf_faults_add (faults, "bids-status", -1, table->name,
                          "“%s” is said to be good, and the file says bad, which was taken.",
                          info.raw_label);
  replace_channel (recording, index, &info);
}

static void
apply_channels (InionRecording *recording,
                const char     *path,
                InionEdfFaults *faults)
{
  g_autoptr (InionBidsTable) table = _inion_bids_table_read (path, faults);
  guint n = inion_recording_get_n_channels (recording);
  g_autofree gboolean *named = g_new0 (gboolean, n + 1);
  ChannelColumns columns;

  if (table == NULL)
    return;
  columns = (ChannelColumns) { .name = _inion_bids_table_find (table, "name"),
                               .type = _inion_bids_table_find (table, "type"),
                               .units = _inion_bids_table_find (table, "units"),
                               .rate = _inion_bids_table_find (table, "sampling_frequency"),
                               .reference = _inion_bids_table_find (table, "reference"),
                               .status = _inion_bids_table_find (table, "status") };
  if (columns.name < 0)
    {
      inion_edf_faults_add (faults, "bids-channels", -1, table->name,
                            "It has no column “name” and was passed over.");
      return;
    }
  for (guint i = 0; i < table->rows->len; i++)
    {
      int index = find_row_channel (recording, table, i, &columns, faults);

      if (index < 0)
        continue;
      named[index] = TRUE;
      apply_channel (recording, table, i, &columns, (guint) index, faults);
    }
  for (guint i = 0; i < n; i++)
    if (!named[i] && get_info (recording, i)->kind != INION_CHANNEL_TRIGGER)
      inion_edf_faults_add (faults, "bids-unnamed", -1, table->name,
                            "It has no row for “%s”, which was taken as the file has it.",
                            get_info (recording, i)->raw_label);
}

/* Which way the axes go: three letters such as "ALS" for x to the nose, y to the left ear, z up. */
static const char *
find_axes (const char *system)
{
  static const char *const systems[][2] = {
    { "CapTrak", "RAS" },    { "ElektaNeuromag", "RAS" }, { "NeuromagElektaMEG", "RAS" },
    { "ACPC", "RAS" },       { "Talairach", "RAS" },      { "ScanRAS", "RAS" },
    { "CTF", "ALS" },        { "EEGLAB", "ALS" },         { "EEGLAB-HJ", "ALS" },
    { "4DBti", "ALS" },      { "KitYokogawa", "ALS" },
  };

  if (system == NULL)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (systems); i++)
    if (g_ascii_strcasecmp (system, systems[i][0]) == 0)
      return systems[i][1];
  if (g_str_has_prefix (system, "MNI") || g_str_has_prefix (system, "fsaverage"))
    return "RAS";
  if (strlen (system) == 3 && strspn (system, "RLAPSI") == 3)
    return system;
  return NULL;
}

/* x to the right ear, y to the nose, z up. */
static void
turn (const char   *axes,
      const double  in[3],
      double        out[3])
{
  static const char positive[] = "RAS";
  static const char negative[] = "LPI";

  for (guint i = 0; i < 3; i++)
    for (guint k = 0; k < 3; k++)
      if (axes[i] == positive[k])
        out[k] = in[i];
      else if (axes[i] == negative[k])
        out[k] = -in[i];
}

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Metres in a unit; where none is said, that which makes a head of the electrodes. */
static double
find_scale (const InionBidsTable *table,
            const char           *unit,
            double                median,
            InionEdfFaults       *faults)
{
  static const struct
  {
    const char *name;
    double scale;
  } units[] = { { "m", 1 }, { "cm", 0.01 }, { "mm", 0.001 } };
  double scale = 0;

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_strcmp0 (unit, units[i].name) == 0)
      scale = units[i].scale;
  if (scale == 0)
    {
      for (guint i = 0; i < G_N_ELEMENTS (units) && scale == 0; i++)
        if (median * units[i].scale > 0.04 && median * units[i].scale < 0.2)
          {
            scale = units[i].scale;
            inion_edf_faults_add (faults, "bids-length", -1, table->name,
                                  "No unit is said; by their distances the positions are in %s, "
                                  "which was taken.", units[i].name);
          }
    }
  if (scale == 0 || median * scale < 0.01 || median * scale > 1)
    {
      inion_edf_faults_add (faults, "bids-length", -1, table->name,
                            "The positions (median distance %g %s) are on no head and were not taken.",
                            median, unit != NULL ? unit : "of an unknown unit");
      return 0;
    }
  return scale;
}

static gboolean
read_position (const InionBidsTable *table,
               guint                 row,
               const int             columns[4],
               double                out[3])
{
  for (guint k = 0; k < 3; k++)
    if (!_inion_bids_table_get_number (table, row, columns[k + 1], &out[k]))
      return FALSE;
  return fabs (out[0]) < 1e6 && fabs (out[1]) < 1e6 && fabs (out[2]) < 1e6;
}

static double
find_median (const InionBidsTable *table,
             const int             columns[4])
{
  g_autoptr (GArray) norms = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < table->rows->len; i++)
    {
      double p[3];
      double norm;

      if (!read_position (table, i, columns, p))
        continue;
      norm = sqrt (p[0] * p[0] + p[1] * p[1] + p[2] * p[2]);
      g_array_append_val (norms, norm);
    }
  g_array_sort (norms, compare_doubles);
  return norms->len > 0 ? g_array_index (norms, double, norms->len / 2) : 0;
}

/* Whether two directions are more than 20 degrees apart. */
static gboolean
is_elsewhere (const double a[3],
              const double b[3])
{
  double dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  double norms = sqrt ((a[0] * a[0] + a[1] * a[1] + a[2] * a[2])
                       * (b[0] * b[0] + b[1] * b[1] + b[2] * b[2]));

  return norms > 0 && dot < cos (20 * G_PI / 180) * norms;
}

static void
place_electrodes (InionRecording       *recording,
                  const InionBidsTable *table,
                  const int             columns[4],
                  const char           *axes,
                  double                scale,
                  InionEdfFaults       *faults)
{
  for (guint i = 0; i < table->rows->len; i++)
    {
      const char *name = _inion_bids_table_get (table, i, columns[0]);
      int index = name != NULL ? find_label (recording, name) : -1;
      InionChannelInfo info;
      double raw[3], position[3] = { 0, 0, 0 };

      if (index < 0 || !read_position (table, i, columns, raw))
        continue; /* a reference, a ground, an electrode that was not measured */
      info = *get_info (recording, (guint) index);
      turn (axes, raw, position);
      for (guint k = 0; k < 3; k++)
        position[k] *= scale;
      if (info.has_position && is_elsewhere (info.position, position))
        inion_edf_faults_add (faults, "bids-position", -1, table->name,
                              "“%s” is elsewhere than the file says: the data set's position was taken.",
                              info.raw_label);
      info.has_position = TRUE;
      memcpy (info.position, position, sizeof position);
      replace_channel (recording, (guint) index, &info);
    }
}

/* The "CapTrak" of "sub-01_space-CapTrak_electrodes.tsv"; "" for none. */
static char *
get_space (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  const char *space = strstr (name, "_space-");

  return space != NULL ? g_strndup (space + 7, strcspn (space + 7, "_.")) : g_strdup ("");
}

static void
apply_electrodes (InionRecording       *recording,
                  const InionBidsPlace *place,
                  InionEdfFaults       *faults)
{
  g_autofree char *path = _inion_bids_place_find (place, "electrodes", "");
  g_autofree char *space = path != NULL ? get_space (path) : NULL;
  g_autoptr (InionBidsTable) table = path != NULL ? _inion_bids_table_read (path, faults) : NULL;
  g_autoptr (GPtrArray) json = NULL;
  const char *system, *axes;
  int columns[4];
  double median, scale;

  if (table == NULL)
    return;
  json = _inion_bids_place_read_json (place, "coordsystem", space, faults);
  columns[0] = _inion_bids_table_find (table, "name");
  columns[1] = _inion_bids_table_find (table, "x");
  columns[2] = _inion_bids_table_find (table, "y");
  columns[3] = _inion_bids_table_find (table, "z");
  median = find_median (table, columns);
  if (median <= 0)
    return; /* all are n/a */
  system = _inion_bids_json_get_string (json, "EEGCoordinateSystem");
  if (system == NULL)
    system = _inion_bids_json_get_string (json, "iEEGCoordinateSystem");
  axes = find_axes (system);
  if (axes == NULL)
    {
      inion_edf_faults_add (faults, "bids-axes", -1, table->name,
                            "Which way the axes go is not said (coordinate system “%s”): the "
                            "positions were not taken.", system != NULL ? system : "n/a");
      return;
    }
  scale =
    find_scale (table, _inion_bids_json_get_string (json, "EEGCoordinateUnits"), median, faults);
  if (scale > 0)
    place_electrodes (recording, table, columns, axes, scale, faults);
}

/* What eeg.json says; returns the words for the description. */
static void
apply_json (InionRecording       *recording,
            const InionBidsPlace *place,
            GString              *said,
            InionEdfFaults       *faults)
{
  g_autoptr (GPtrArray) json = _inion_bids_place_read_json (place, "eeg", NULL, faults);
  const char *reference = _inion_bids_json_get_string (json, "EEGReference");
  const char *task = _inion_bids_json_get_string (json, "TaskName");
  double value;

  for (guint i = 0; i < inion_recording_get_n_channels (recording); i++)
    {
      InionChannelInfo info = *get_info (recording, i);

      if (info.kind != INION_CHANNEL_EEG)
        continue;
      if (_inion_bids_json_get_number (json, "SamplingFrequency", &value))
        check_rate ("eeg.json", value, &info, faults);
      if (reference == NULL || (info.reference != NULL && *info.reference != '\0'))
        continue;
      info.reference = reference;
      replace_channel (recording, i, &info);
    }
  if (task != NULL)
    g_string_append_printf (said, "%stask %s", said->len > 0 ? ", " : "", task);
  if (_inion_bids_json_get_number (json, "PowerLineFrequency", &value) && value > 0)
    g_string_append_printf (said, "%spower line %g Hz", said->len > 0 ? ", " : "", value);
}

static void
describe_participant (const InionBidsPlace *place,
                      GString              *said,
                      InionEdfFaults       *faults)
{
  g_autoptr (InionBidsParticipant) person = _inion_bids_participant_read (place, faults);
  const char *const texts[][2] = { { "age", person != NULL ? person->age : NULL },
                                   { "sex", person != NULL ? person->sex : NULL },
                                   { "group", person != NULL ? person->group : NULL } };

  for (guint k = 0; k < G_N_ELEMENTS (texts); k++)
    if (texts[k][1] != NULL)
      g_string_append_printf (said, "%s%s %s", said->len > 0 ? ", " : "", texts[k][0], texts[k][1]);
}

/* Takes what the data set around a recording says of it, if it is in one. */
void
_inion_bids_apply (InionRecording *recording)
{
  const char *path = inion_recording_get_path (recording);
  g_autoptr (InionBidsPlace) place = path != NULL ? _inion_bids_place_new (path) : NULL;
  g_autoptr (InionEdfFaults) faults = NULL;
  g_autoptr (GString) said = NULL;
  g_autofree char *channels = NULL;

  if (place == NULL)
    return;
  faults = inion_edf_faults_new ();
  said = g_string_new (NULL);
  channels = _inion_bids_place_find (place, "channels", NULL);
  if (channels != NULL)
    apply_channels (recording, channels, faults);
  apply_electrodes (recording, place, faults);
  describe_participant (place, said, faults);
  apply_json (recording, place, said, faults);
  _inion_recording_get_private (recording)->events_table =
    _inion_bids_place_find (place, "events", NULL);
  if (said->len > 0)
    {
      g_autofree char *patient = g_strdup (inion_recording_get_patient (recording));
      g_autofree char *whole = _inion_bids_join_description (
        place, inion_recording_get_description (recording), said->str);

      inion_recording_set_texts (recording, patient, whole);
    }
  inion_edf_faults_hand_over (faults, recording, "places");
}
