#ifndef INTERPHASE_PLAIN_H
#define INTERPHASE_PLAIN_H

#include "ckernels.h"

/* The steps of phase.c compiled from the same source for the least instruction set only, to compare the
   clones with. */
void ck_plain_allen_cahn_step(double *field, const ck_field *f, double a, double b, double c,
                              double s);
void ck_plain_allen_cahn_columns(double *field, const ck_field *f, const double *a,
                                 const double *b, const double *c);

#endif
