/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may write a study: one program at a time. */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _InionStudyLock InionStudyLock;

InionStudyLock *_inion_study_lock_acquire (const char *path, char **owner, GError **error);
void            _inion_study_lock_release (InionStudyLock *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionStudyLock, _inion_study_lock_release)

G_END_DECLS
