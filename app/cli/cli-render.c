/* SPDX-License-Identifier: GPL-3.0-or-later */
/* inion-cli render: the window's own renderers, without a window. */

#define G_LOG_DOMAIN "inion-cli"

#include "config.h"

#include "app/cli/cli-render.h"

#include <stdio.h>

static const InionCliEntry kinds[] = {
  { "traces", inion_cli_render_traces, "A page of traces" },
  { "topomap", inion_cli_render_topomap, "Amplitude over the head, or what a model looks at" },
  { "network", inion_cli_render_network, "Connections above the bound of chance, on the head" },
};

int
inion_cli_render (int    argc,
                  char **argv)
{
  int code;

  for (gsize i = 0; argc > 1 && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (argv[1], kinds[i].name))
      {
        g_autofree char *name = g_strdup_printf ("render %s", kinds[i].name);
        char *kept = argv[1];

        argv[1] = name;
        code = kinds[i].run (argc - 1, argv + 1);
        argv[1] = kept;
        return code;
      }
  if (argc > 1 && argv[1][0] != '-')
    return inion_cli_usage ("there is no “render %s”: it is traces, topomap or network", argv[1]);
  if (!inion_cli_parse (&argc, &argv, "traces|topomap|network FILE -o OUT.png|.pdf|.svg",
                        "Draws what the window draws, without a window.\n"
                        "  traces   a page of traces\n"
                        "  topomap  amplitude over the head, or what a model looks at\n"
                        "  network  connections above the bound of chance, on the head\n"
                        "“inion-cli render KIND --help” explains one.",
                        "  see “inion-cli render KIND --help”", NULL, 1, 1, &code))
    return code;
  return inion_cli_usage ("say first what to draw: traces, topomap or network");
}
