/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "Map over time": the scalp map of the selection or the page, played or stepped through.
 *
 * All frames have one scale of colours, so that they can be compared. The cursor over the traces
 * goes along. Where the desktop asks for less motion there is no playing, only stepping. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/tools/movie-page.h"

#include "app/panel-kit.h"
#include "app/tools/tool-map.h"
#include "app/tools/tool-runner.h"
#include "app/tools/tool-signal.h"

#include "core/size.h"
#include "widgets/render/scalp-map.h"

#include <glib/gi18n.h>
#include <math.h>

#define MOST_S 60.0
#define LIMIT_PERCENTILE 0.98

static const double speeds[] = { 0.01, 0.05, 0.1, 0.25, 0.5, 1 };
static const char *const speed_names[] = { "1/100×", "1/20×", "1/10×", "1/4×", "1/2×", "1×", NULL };

typedef struct
{
  InionToolMap *map;
  double from_s, to_s;
} Question;

typedef struct
{
  InionToolMap *map;
  gsize n_times;
  double *values;            /* [n_times × n] */
  double *mean;              /* [n] of all frames without a gap; NaN: there are none */
  double limit;
  double first_s;
  double rate_hz;
} Answer;

struct _InionMoviePage
{
  GtkWidget parent_instance;

  InionViewState *state;
  GActionMap *actions;       /* of the panel; not referenced */
  InionToolRunner *runner;
  InionToolMap *map;
  char *no_map;              /* why there is none */
  Answer *answer;
  GtkWidget *scroller;
  GtkWidget *plot;
  GtkWidget *time;
  GtkWidget *speed;
  GtkWidget *mean;
  GtkWidget *play;
  GtkLabel *caption;
  GtkLabel *stillness;
  double at;                 /* frame, with its fraction */
  gint64 frame_us;           /* of the last tick */
  guint tick_id;
};

G_DEFINE_FINAL_TYPE (InionMoviePage, inion_movie_page, GTK_TYPE_WIDGET)

static void
question_free (gpointer data)
{
  Question *question = data;

  inion_tool_map_unref (question->map);
  g_free (question);
}

static void
answer_free (gpointer data)
{
  Answer *answer = data;

  g_clear_pointer (&answer->map, inion_tool_map_unref);
  g_free (answer->values);
  g_free (answer->mean);
  g_free (answer);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Answer, answer_free)

/* Reading, on a worker thread. */

static int
compare_doubles (gconstpointer a,
                 gconstpointer b)
{
  const double *x = a, *y = b;

  return (*x > *y) - (*x < *y);
}

/* One electrode at one moment must not set the colours of all others. Two digits are enough. */
static void
find_limit (Answer *answer)
{
  g_autoptr (GArray) sizes = g_array_new (FALSE, FALSE, sizeof (double));
  double unit;

  for (gsize i = 0; i < answer->n_times * answer->map->n; i++)
    {
      double size = fabs (answer->values[i]);

      if (isfinite (size))
        g_array_append_val (sizes, size);
    }
  g_array_sort (sizes, compare_doubles);
  answer->limit = sizes->len == 0 ? 0
                                  : g_array_index (sizes, double,
                                                   (guint) (LIMIT_PERCENTILE * (sizes->len - 1)));
  if (!(answer->limit > 0))
    return;
  unit = pow (10, floor (log10 (answer->limit)) - 1);
  answer->limit = ceil (answer->limit / unit) * unit;
}

static void
find_mean (Answer *answer)
{
  answer->mean = g_new0 (double, answer->map->n);
  for (guint c = 0; c < answer->map->n; c++)
    {
      gsize n = 0;

      for (gsize t = 0; t < answer->n_times; t++)
        if (isfinite (answer->values[t * answer->map->n + c]))
          {
            answer->mean[c] += answer->values[t * answer->map->n + c];
            n++;
          }
      answer->mean[c] /= (double) n;
    }
}

static gpointer
read_frames (InionJob  *job,
             gpointer   data,
             GError   **error)
{
  Question *question = data;
  g_autoptr (Answer) answer = g_new0 (Answer, 1);
  InionMontage *montage = inion_shown_signal_get_montage (question->map->signal);
  guint first_row = g_array_index (question->map->derivations, guint, 0);
  InionChannel *clock = inion_montage_get_clock (montage, first_row);
  gint64 first, end;
  gsize size;

  answer->map = inion_tool_map_ref (question->map);
  inion_tool_find_samples (montage, first_row, question->from_s, question->to_s, &first, &end);
  answer->n_times = (gsize) (end - first);
  answer->first_s = (double) inion_channel_sample_to_ns (clock, first) / 1e9;
  answer->rate_hz = inion_channel_get_rate_hz (clock);
  if (!inion_size_mul (&size, MAX (answer->n_times, 1), answer->map->n))
    size = G_MAXSIZE;
  answer->values = inion_try_new (double, size, "the maps", error);
  if (answer->values == NULL)
    return NULL;
  for (guint c = 0; c < answer->map->n; c++)
    {
      g_autofree double *x = g_new (double, MAX (answer->n_times, 1));

      if (!inion_job_check (job, error) ||
          !inion_tool_read (answer->map->signal,
                            g_array_index (answer->map->derivations, guint, c), first,
                            answer->n_times, x, error))
        return NULL;
      for (gsize t = 0; t < answer->n_times; t++)
        answer->values[t * answer->map->n + c] = x[t];
    }
  find_limit (answer);
  find_mean (answer);
  return g_steal_pointer (&answer);
}

static InionJob *
make_job (gpointer owner)
{
  InionMoviePage *self = owner;
  Question *question;

  if (self->map == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return NULL;
  question = g_new0 (Question, 1);
  question->map = inion_tool_map_ref (self->map);
  if (!inion_view_state_get_selection (self->state, &question->from_s, &question->to_s))
    {
      question->from_s = inion_view_state_get_from (self->state);
      question->to_s = question->from_s + inion_view_state_get_page (self->state);
    }
  question->to_s = MIN (question->to_s, question->from_s + MOST_S);
  return inion_job_new (_("Reading maps"), read_frames, question, question_free, answer_free);
}

/* Showing. */

static gboolean
shows_mean (InionMoviePage *self)
{
  return gtk_check_button_get_active (GTK_CHECK_BUTTON (self->mean));
}

static gsize
get_frame (InionMoviePage *self)
{
  return MIN ((gsize) MAX (self->at, 0), self->answer->n_times - 1);
}

static void
draw (GtkDrawingArea *area,
      cairo_t        *cr,
      int             width,
      int             height,
      gpointer        data)
{
  InionMoviePage *self = data;
  InionScalpMapStyle style = { .dark = inion_panel_is_dark (GTK_WIDGET (area)), .unit = "µV" };
  const double *values;

  if (self->answer == NULL || self->answer->n_times == 0)
    return;
  values = self->answer->values + get_frame (self) * self->answer->map->n;
  if (shows_mean (self))
    values = self->answer->mean;
  else
    style.limit = self->answer->limit;
  inion_scalp_map_draw (cr, 0, 0, width, height, self->answer->map->positions,
                        (const char *const *) self->answer->map->names, values,
                        self->answer->map->n, &style);
}

static char *
describe (InionMoviePage *self)
{
  const Answer *answer = self->answer;
  double end_s;
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  g_autofree char *now = NULL;
  gsize frame;

  if (self->no_map != NULL)
    return g_strdup (self->no_map);
  if (answer == NULL || answer->n_times == 0)
    return g_strdup ("");
  end_s = answer->first_s + (double) answer->n_times / answer->rate_hz;
  from = inion_view_state_format_time (self->state, answer->first_s, 3);
  to = inion_view_state_format_time (self->state, end_s, 3);
  frame = get_frame (self);
  now = inion_view_state_format_time (self->state, answer->first_s + (double) frame /
                                                                       answer->rate_hz, 3);
  if (shows_mean (self))
    return g_strdup_printf (_("mean of %s – %s · average reference"), from, to);
  if (!isfinite (answer->values[frame * answer->map->n]))
    return g_strdup_printf (_("%s lies in a gap of the recording: there is no data to map."), now);
  return g_strdup_printf (_("%s · of %s – %s · one scale for all · average reference"), now, from,
                          to);
}

static void
show_frame (InionMoviePage *self)
{
  g_autofree char *text = describe (self);

  gtk_label_set_text (self->caption, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->plot),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text, -1);
  gtk_widget_queue_draw (self->plot);
}

static void
stop (InionMoviePage *self)
{
  GAction *action = g_action_map_lookup_action (self->actions, "play");

  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
  self->tick_id = 0;
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (FALSE));
}

/* Motion is asked for by a person; the desktop may ask for less. */
static gboolean
may_move (InionMoviePage *self)
{
  gboolean animations = TRUE;

  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-enable-animations", &animations,
                NULL);
  return animations;
}

static void
update_actions (InionMoviePage *self)
{
  gboolean any = self->answer != NULL && self->answer->n_times > 0 && !shows_mean (self);
  gboolean moves = may_move (self);

  g_simple_action_set_enabled (
    G_SIMPLE_ACTION (g_action_map_lookup_action (self->actions, "play")), any && moves);
  g_simple_action_set_enabled (
    G_SIMPLE_ACTION (g_action_map_lookup_action (self->actions, "step")), any);
  gtk_widget_set_sensitive (self->time, any);
  gtk_widget_set_visible (GTK_WIDGET (self->stillness), !moves);
}

static void
show (gpointer      owner,
      gpointer      result,
      const GError *error)
{
  InionMoviePage *self = owner;

  g_clear_pointer (&self->answer, answer_free);
  self->answer = result;
  if (result == NULL)
    {
      stop (self);
      update_actions (self);
      gtk_label_set_text (self->caption, error->message);
      return;
    }
  gtk_range_set_range (GTK_RANGE (self->time), 0, (double) MAX (self->answer->n_times, 2) - 1);
  gtk_range_set_value (GTK_RANGE (self->time),
                       MIN (self->at, (double) MAX (self->answer->n_times, 1) - 1));
  update_actions (self);
  show_frame (self);
}

/* Moving. */

static void
on_time_changed (InionMoviePage *self)
{
  double value = gtk_range_get_value (GTK_RANGE (self->time));

  if (self->answer == NULL || self->answer->n_times == 0)
    return;
  if (floor (self->at) != floor (value))
    self->at = value;
  inion_view_state_set_cursor (self->state, self->answer->first_s + (double) get_frame (self) /
                                                                      self->answer->rate_hz, -1);
  show_frame (self);
}

static void
go_to (InionMoviePage *self,
       double          frame)
{
  self->at = CLAMP (frame, 0, (double) self->answer->n_times - 1);
  gtk_range_set_value (GTK_RANGE (self->time), floor (self->at));
}

static gboolean
on_tick (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       data)
{
  InionMoviePage *self = data;
  gint64 now = gdk_frame_clock_get_frame_time (clock);
  double speed = speeds[gtk_drop_down_get_selected (GTK_DROP_DOWN (self->speed))];
  double passed = self->frame_us == 0 ? 0 : (double) (now - self->frame_us) / 1e6;

  self->frame_us = now;
  if (self->answer == NULL || self->answer->n_times == 0)
    return G_SOURCE_CONTINUE;
  go_to (self, self->at + passed * speed * self->answer->rate_hz);
  if (self->at < (double) self->answer->n_times - 1)
    return G_SOURCE_CONTINUE;
  self->tick_id = 0;
  stop (self);
  return G_SOURCE_REMOVE;
}

static void
on_play (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  InionMoviePage *self = data;

  if (self->tick_id != 0)
    {
      stop (self);
      return;
    }
  /* From the end one begins again. */
  if (self->at >= (double) self->answer->n_times - 1)
    go_to (self, 0);
  self->frame_us = 0;
  self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), on_tick, self, NULL);
  g_simple_action_set_state (action, g_variant_new_boolean (TRUE));
}

static void
on_play_state (InionMoviePage *self)
{
  gboolean plays = self->tick_id != 0;
  const char *text = plays ? _("Pause") : _("Play");

  gtk_button_set_icon_name (GTK_BUTTON (self->play), plays ? "media-playback-pause-symbolic"
                                                           : "media-playback-start-symbolic");
  inion_panel_set_tooltip (self->play, plays ? _("Pause (Ctrl+Shift+P)")
                                             : _("Play (Ctrl+Shift+P)"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
}

static void
on_step (GSimpleAction *action,
         GVariant      *parameter,
         gpointer       data)
{
  InionMoviePage *self = data;

  stop (self);
  go_to (self, floor (self->at) + g_variant_get_int32 (parameter));
}

static void
on_mean_changed (InionMoviePage *self)
{
  stop (self);
  update_actions (self);
  show_frame (self);
}

/* What is shown has changed. */

static void
ask (InionMoviePage *self)
{
  inion_tool_runner_ask (self->runner);
}

static void
on_signal_changed (InionMoviePage *self)
{
  InionRecording *recording = inion_view_state_get_recording (self->state);
  g_autoptr (GError) error = NULL;

  stop (self);
  inion_tool_runner_forget (self->runner);
  g_clear_pointer (&self->answer, answer_free);
  g_clear_pointer (&self->map, inion_tool_map_unref);
  g_clear_pointer (&self->no_map, g_free);
  self->at = 0;
  if (recording != NULL)
    self->map = inion_tool_map_new (recording, inion_view_state_get_bad (self->state),
                                    inion_view_state_get_filter (self->state), &error);
  if (error != NULL)
    self->no_map = g_strdup (error->message);
  update_actions (self);
  show_frame (self);
  ask (self);
}

/* While it plays, the page stays what it was when it began. */
static void
on_place_changed (InionMoviePage *self)
{
  if (self->tick_id == 0)
    ask (self);
}

/* Nothing moves that nobody sees. */
static void
on_unmap (InionMoviePage *self)
{
  stop (self);
}

static void
on_map (InionMoviePage *self)
{
  update_actions (self);
  ask (self);
}

/* Building. */

static GtkWidget *
add_button (GtkWidget  *box,
            const char *icon,
            const char *name,
            const char *action)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  inion_panel_set_tooltip (button, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  -1);
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button), action);
  gtk_box_append (GTK_BOX (box), button);
  return button;
}

static void
add_controls (InionMoviePage *self,
              GtkWidget      *box)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  add_button (row, "media-seek-backward-symbolic", _("Ten samples back"), "tools.step(-10)");
  add_button (row, "go-previous-symbolic", _("One sample back"), "tools.step(-1)");
  self->play = add_button (row, "media-playback-start-symbolic", _("Play (Ctrl+Shift+P)"),
                           "tools.play");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->play), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Play"), -1);
  add_button (row, "go-next-symbolic", _("One sample on"), "tools.step(1)");
  add_button (row, "media-seek-forward-symbolic", _("Ten samples on"), "tools.step(10)");
  self->speed = gtk_drop_down_new_from_strings (speed_names);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->speed), 2);
  gtk_widget_set_hexpand (self->speed, TRUE);
  gtk_widget_set_halign (self->speed, GTK_ALIGN_END);
  inion_panel_set_tooltip (self->speed, _("Speed"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->speed), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Speed"), -1);
  gtk_box_append (GTK_BOX (row), self->speed);
  gtk_box_append (GTK_BOX (box), row);
}

static void
build (InionMoviePage *self)
{
  GtkWidget *box = inion_panel_column (&self->scroller);

  inion_panel_heading (box, _("Map over time"));
  self->plot = inion_panel_plot (box, _("Scalp map"), 290, draw, self);
  self->caption = inion_panel_caption (box, NULL);
  self->time = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, 0, 1, 1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->time), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Moment"), -1);
  g_signal_connect_swapped (self->time, "value-changed", G_CALLBACK (on_time_changed), self);
  gtk_box_append (GTK_BOX (box), self->time);
  add_controls (self, box);
  self->stillness = inion_panel_caption (box, _("The desktop asks for less motion: step through "
                                                "the maps instead of playing them."));
  self->mean = gtk_check_button_new_with_mnemonic (_("M_ean of the whole stretch"));
  g_signal_connect_swapped (self->mean, "toggled", G_CALLBACK (on_mean_changed), self);
  gtk_box_append (GTK_BOX (box), self->mean);
  inion_panel_caption (box, _("Of the selection, or else of the page; a minute at most."));
  gtk_widget_set_parent (self->scroller, GTK_WIDGET (self));
}

static void
inion_movie_page_dispose (GObject *object)
{
  InionMoviePage *self = INION_MOVIE_PAGE (object);

  if (self->tick_id != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->tick_id);
  self->tick_id = 0;
  g_clear_pointer (&self->runner, inion_tool_runner_free);
  g_clear_pointer (&self->scroller, gtk_widget_unparent);
  g_clear_pointer (&self->answer, answer_free);
  g_clear_pointer (&self->map, inion_tool_map_unref);
  g_clear_pointer (&self->no_map, g_free);
  g_clear_object (&self->state);
  G_OBJECT_CLASS (inion_movie_page_parent_class)->dispose (object);
}

static void
inion_movie_page_class_init (InionMoviePageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = inion_movie_page_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
inion_movie_page_init (InionMoviePage *self)
{
  self->runner = inion_tool_runner_new (self, make_job, show, answer_free);
}

GtkWidget *
inion_movie_page_new (InionViewState *state,
                      GActionMap     *actions)
{
  static const GActionEntry entries[] = {
    { .name = "play", .activate = on_play, .state = "false" },
    { .name = "step", .activate = on_step, .parameter_type = "i" },
  };
  static const char *const watched[] = { "notify::selection", "notify::from", "notify::page",
                                         NULL };
  InionMoviePage *self = g_object_new (INION_TYPE_MOVIE_PAGE, NULL);

  self->state = g_object_ref (state);
  self->actions = actions;
  g_action_map_add_action_entries (actions, entries, G_N_ELEMENTS (entries), self);
  build (self);
  g_signal_connect_object (g_action_map_lookup_action (actions, "play"), "notify::state",
                           G_CALLBACK (on_play_state), self, G_CONNECT_SWAPPED);
  for (guint i = 0; watched[i] != NULL; i++)
    g_signal_connect_object (state, watched[i], G_CALLBACK (on_place_changed), self,
                             G_CONNECT_SWAPPED);
  g_signal_connect_object (state, "notify::signal", G_CALLBACK (on_signal_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "map", G_CALLBACK (on_map), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (on_unmap), NULL);
  update_actions (self);
  return GTK_WIDGET (self);
}
