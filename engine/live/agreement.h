/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often decisions agree with the marks they fall into. */

#pragma once

#include "decode/example-set.h"

G_BEGIN_DECLS

/* A plain value. Decisions overlap and are no independent trials; marks are. */
typedef struct
{
  guint n_classes;
  guint n_marks;             /* marks that at least one decision fell into */
  guint n_marks_right;       /* the mean probability of those decisions is greatest for the mark's class */
  guint64 n_decisions;       /* decisions that fell into a mark */
  guint64 n_decisions_right;
} InionAgreementCounts;

typedef struct _InionAgreement InionAgreement;

InionAgreement *inion_agreement_new (const InionRecipeSpec *spec, const InionDecodeSource *source, double slack_s);
void            inion_agreement_free (InionAgreement *self);
guint           inion_agreement_get_n_marks (InionAgreement *self);
void            inion_agreement_add (InionAgreement *self, gint64 from_ns, gint64 to_ns, const double *probabilities);
void            inion_agreement_count (InionAgreement *self, InionAgreementCounts *counts);
char           *inion_agreement_dup_claim (InionAgreement *self, gboolean trained_here); /* plain English: how often it was right, and what that means */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (InionAgreement, inion_agreement_free)

G_END_DECLS
