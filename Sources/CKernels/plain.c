/* No clones: the header that defines them counts as read. */
#define INTERPHASE_CLONES_H
#define CK_CLONES

#include "plain.h"

#define ck_allen_cahn_step ck_plain_allen_cahn_step
#define ck_allen_cahn_columns ck_plain_allen_cahn_columns
#define ck_field_scan ck_plain_field_scan
#define ck_even_convolution ck_plain_even_convolution

#include "phase.c"
