/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The labels of marks and events, with their counts, to choose among. */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define INION_TYPE_LABEL_PICKER (inion_label_picker_get_type ())
G_DECLARE_FINAL_TYPE (InionLabelPicker, inion_label_picker, INION, LABEL_PICKER, GtkWidget)

/* action: activated with a label when its check button is pressed. */
GtkWidget *inion_label_picker_new (const char *action);
/* marks: (element-type InionAnnotation), suggestions do not count; chosen: (element-type utf8). Returns whether the list is another one. */
gboolean   inion_label_picker_list (InionLabelPicker *self, GPtrArray *marks, GPtrArray *chosen);
void       inion_label_picker_show_chosen (InionLabelPicker *self, GPtrArray *chosen);
void       inion_label_picker_clear (InionLabelPicker *self);
gboolean   inion_label_picker_is_empty (InionLabelPicker *self);

G_END_DECLS
