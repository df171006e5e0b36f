/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion: the program with a window. */

#define G_LOG_DOMAIN "inion-app"

#include "config.h"

#include "app/application.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int   argc,
      char *argv[])
{
  g_autoptr (InionApplication) application = NULL;

  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name ("Inion");
  application = inion_application_new ();
  return g_application_run (G_APPLICATION (application), argc, argv);
}
