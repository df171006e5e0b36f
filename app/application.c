/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/application.h"

#include "app/graphics.h"
#include "app/window-private.h"

#include "core/init.h"

#include <malloc.h>

struct _InionApplication
{
  AdwApplication parent_instance;

  GSettings *settings;
};

G_DEFINE_FINAL_TYPE (InionApplication, inion_application, ADW_TYPE_APPLICATION)

static void
apply_style (InionApplication *self)
{
  g_autofree char *style = g_settings_get_string (self->settings, "style");
  AdwColorScheme scheme = ADW_COLOR_SCHEME_DEFAULT;

  if (g_str_equal (style, "light"))
    scheme = ADW_COLOR_SCHEME_FORCE_LIGHT;
  else if (g_str_equal (style, "dark"))
    scheme = ADW_COLOR_SCHEME_FORCE_DARK;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
}

/* The window makes and frees pictures of some megabytes every frame. As memory fresh from the
 * system each page of it costs a fault, and, while other threads run, an interrupt on their
 * processors: a third of a frame. So what inion_init() gives back at once is kept here, up to the
 * size of a picture. */
static void
keep_pictures (void)
{
#ifdef __GLIBC__
  mallopt (M_MMAP_THRESHOLD, 8 << 20);
  mallopt (M_TRIM_THRESHOLD, 16 << 20);
#endif
}

static void
inion_application_startup (GApplication *application)
{
  InionApplication *self = INION_APPLICATION (application);

  G_APPLICATION_CLASS (inion_application_parent_class)->startup (application);
  inion_init ();
  keep_pictures ();
  gtk_window_set_default_icon_name (APP_ID);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/org/inion/Inion/icons");
  self->settings = g_settings_new (APP_ID);
  g_signal_connect_swapped (self->settings, "changed::style", G_CALLBACK (apply_style), self);
  apply_style (self);
  _inion_window_actions_install_accels (GTK_APPLICATION (application));
}

static InionWindow *
get_window (GApplication *application)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (application));

  return window != NULL ? INION_WINDOW (window)
                        : inion_window_new (ADW_APPLICATION (application));
}

static void
inion_application_activate (GApplication *application)
{
  gtk_window_present (GTK_WINDOW (get_window (application)));
}

static void
inion_application_open (GApplication  *application,
                        GFile        **files,
                        int            n_files,
                        const char    *hint)
{
  InionWindow *window = get_window (application);

  gtk_window_present (GTK_WINDOW (window));
  if (n_files > 0)
    _inion_window_open_files (window, files[0], (guint) n_files);
}

static void
inion_application_finalize (GObject *object)
{
  g_clear_object (&INION_APPLICATION (object)->settings);
  G_OBJECT_CLASS (inion_application_parent_class)->finalize (object);
}

static void
inion_application_class_init (InionApplicationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = inion_application_finalize;
  G_APPLICATION_CLASS (klass)->startup = inion_application_startup;
  G_APPLICATION_CLASS (klass)->activate = inion_application_activate;
  G_APPLICATION_CLASS (klass)->open = inion_application_open;
}

static void
inion_application_init (InionApplication *self)
{
}

/**
 * inion_application_new:
 *
 * Returns: (transfer full): the program
 */
InionApplication *
inion_application_new (void)
{
  inion_graphics_choose ();
  return g_object_new (INION_TYPE_APPLICATION, "application-id", APP_ID, "flags",
                       G_APPLICATION_HANDLES_OPEN, "resource-base-path", "/org/inion/Inion", NULL);
}
