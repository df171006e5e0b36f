/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Single values of MATLAB variables, whatever class they have.
 *
 * Variables are read one by one, when they are wanted: a file may hold other things that are larger
 * than the memory. */

#include "config.h"

#include "recording/foreign/helper/mat-value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LARGEST_VALUE ((size_t) 64 * 1024 * 1024)
#define LONGEST_TEXT ((size_t) 64 * 1024)

/**
 * mat_count:
 * @variable: (nullable): a variable
 * @n: (out): of how many elements it is
 *
 * Returns: false if there is none, or if its dimensions make no sense
 */
bool
mat_count (const matvar_t *variable,
           size_t         *n)
{
  *n = 0;
  if (variable == NULL || variable->rank < 1 || variable->dims == NULL)
    return false;
  *n = 1;
  for (int i = 0; i < variable->rank; i++)
    if (__builtin_mul_overflow (*n, variable->dims[i], n))
      return false;
  return true;
}

static size_t
size_of_element (const matvar_t *variable)
{
  return variable->class_type == MAT_C_CHAR ? 4 : Mat_SizeOfClass ((int) variable->class_type);
}

static bool
is_numeric (const matvar_t *variable)
{
  return variable->class_type >= MAT_C_DOUBLE && variable->class_type <= MAT_C_UINT64;
}

bool
mat_is_text (const matvar_t *variable)
{
  return variable != NULL && variable->class_type == MAT_C_CHAR;
}

/**
 * mat_load:
 * @mat: the file
 * @variable: (nullable): a variable, numbers or text
 *
 * Reads a value of moderate size, unless it was read.
 *
 * Returns: whether its data is there
 */
bool
mat_load (mat_t    *mat,
          matvar_t *variable)
{
  size_t n;

  if (!mat_count (variable, &n) || n == 0 || n > LARGEST_VALUE ||
      (!is_numeric (variable) && variable->class_type != MAT_C_CHAR) ||
      n > LARGEST_VALUE / size_of_element (variable))
    return false;
  if (variable->data == NULL && Mat_VarReadDataAll (mat, variable) != 0)
    return false;
  return variable->data != NULL;
}

/**
 * mat_field:
 * @mat: the file
 * @structure: (nullable): a structure or an array of them
 * @name: which field
 * @index: of which element
 *
 * Returns: (transfer none) (nullable): the field, of a cell the first that is in it; loaded if it
 *   is a value
 */
matvar_t *
mat_field (mat_t      *mat,
           matvar_t   *structure,
           const char *name,
           size_t      index)
{
  matvar_t *field;
  size_t n;

  if (!mat_count (structure, &n) || index >= n || structure->class_type != MAT_C_STRUCT ||
      structure->data == NULL)
    return NULL;
  field = Mat_VarGetStructFieldByName (structure, name, index);
  for (int depth = 0; depth < 4 && field != NULL && field->class_type == MAT_C_CELL; depth++)
    field = mat_count (field, &n) && n > 0 && field->data != NULL ? Mat_VarGetCell (field, 0)
                                                                  : NULL;
  return field;
}

/**
 * mat_number:
 * @variable: a loaded variable
 * @index: which element
 * @value: (out): the number
 *
 * Returns: false if there is no number
 */
bool
mat_number (const matvar_t *variable,
            size_t          index,
            double         *value)
{
  size_t n;

  *value = NAN;
  if (!mat_count (variable, &n) || index >= n || variable->data == NULL || !is_numeric (variable) ||
      variable->isComplex ||
      variable->nbytes / Mat_SizeOfClass ((int) variable->class_type) <= index)
    return false;
  switch (variable->class_type)
    {
    case MAT_C_DOUBLE:
      *value = ((const double *) variable->data)[index];
      return true;
    case MAT_C_SINGLE:
      *value = (double) ((const float *) variable->data)[index];
      return true;
    case MAT_C_INT8:
      *value = ((const int8_t *) variable->data)[index];
      return true;
    case MAT_C_UINT8:
      *value = ((const uint8_t *) variable->data)[index];
      return true;
    case MAT_C_INT16:
      *value = ((const int16_t *) variable->data)[index];
      return true;
    case MAT_C_UINT16:
      *value = ((const uint16_t *) variable->data)[index];
      return true;
    case MAT_C_INT32:
      *value = ((const int32_t *) variable->data)[index];
      return true;
    case MAT_C_UINT32:
      *value = ((const uint32_t *) variable->data)[index];
      return true;
    case MAT_C_INT64:
      *value = (double) ((const int64_t *) variable->data)[index];
      return true;
    case MAT_C_UINT64:
      *value = (double) ((const uint64_t *) variable->data)[index];
      return true;
    default:
      return false;
    }
}

bool
mat_field_number (mat_t      *mat,
                  matvar_t   *structure,
                  const char *name,
                  size_t      index,
                  double     *value)
{
  matvar_t *field = mat_field (mat, structure, name, index);

  *value = NAN;
  return mat_load (mat, field) && mat_number (field, 0, value);
}

/* UTF-16 and the first 65536 characters are alike but for pairs, which become one. */
static size_t
put_utf8 (unsigned char *out,
          uint32_t       c)
{
  if (c < 0x80)
    {
      out[0] = (unsigned char) c;
      return 1;
    }
  if (c < 0x800)
    {
      out[0] = (unsigned char) (0xc0 | c >> 6);
      out[1] = (unsigned char) (0x80 | (c & 0x3f));
      return 2;
    }
  if (c < 0x10000)
    {
      out[0] = (unsigned char) (0xe0 | c >> 12);
      out[1] = (unsigned char) (0x80 | (c >> 6 & 0x3f));
      out[2] = (unsigned char) (0x80 | (c & 0x3f));
      return 3;
    }
  out[0] = (unsigned char) (0xf0 | c >> 18);
  out[1] = (unsigned char) (0x80 | (c >> 12 & 0x3f));
  out[2] = (unsigned char) (0x80 | (c >> 6 & 0x3f));
  out[3] = (unsigned char) (0x80 | (c & 0x3f));
  return 4;
}

/* One row of a text whose characters are two bytes each, a column apart. */
static size_t
put_wide_row (unsigned char  *out,
              const uint16_t *chars,
              size_t          rows,
              size_t          row,
              size_t          columns)
{
  size_t n = 0;

  for (size_t i = 0; i < columns; i++)
    {
      uint32_t c = chars[i * rows + row];
      uint32_t next = i + 1 < columns ? chars[(i + 1) * rows + row] : 0;

      if (c >= 0xd800 && c < 0xdc00 && next >= 0xdc00 && next < 0xe000)
        {
          c = 0x10000 + ((c - 0xd800) << 10) + (next - 0xdc00);
          i++;
        }
      else if (c >= 0xd800 && c < 0xe000)
        c = 0xfffd;
      n += put_utf8 (out + n, c);
    }
  return n;
}

static size_t
put_narrow_row (unsigned char       *out,
                const unsigned char *chars,
                size_t               rows,
                size_t               row,
                size_t               columns)
{
  for (size_t i = 0; i < columns; i++)
    out[i] = chars[i * rows + row];
  return columns;
}

/**
 * mat_text:
 * @writer: the writer
 * @variable: (nullable): a loaded text of one row or more, its characters in columns
 *
 * Returns: the text, its rows on lines; empty if there is none
 */
ForeignText
mat_text (Writer         *writer,
          const matvar_t *variable)
{
  const ForeignText none = { 0, 0 };
  ForeignText text;
  unsigned char *out;
  size_t count, rows, columns, size, n = 0;

  if (!mat_is_text (variable) || !mat_count (variable, &count) || variable->data == NULL ||
      variable->rank != 2)
    return none;
  size = Mat_SizeOf (variable->data_type);
  rows = variable->dims[0];
  columns = variable->dims[1];
  /* What UTF-8 takes has no columns. */
  if (variable->data_type == MAT_T_UTF8 && rows == 1)
    columns = variable->nbytes;
  if (rows == 0 || columns == 0 || (size != 1 && size != 2) || rows > LONGEST_TEXT ||
      columns > LONGEST_TEXT || rows * columns > LONGEST_TEXT ||
      variable->nbytes / size < rows * columns)
    return none;
  out = writer_alloc (rows, columns * 4 + 1);
  for (size_t row = 0; row < rows; row++)
    {
      if (row > 0)
        out[n++] = '\n';
      if (size == 2)
        n += put_wide_row (out + n, variable->data, rows, row, columns);
      else
        n += put_narrow_row (out + n, variable->data, rows, row, columns);
      while (n > 0 && out[n - 1] == ' ')
        n--;
    }
  text = writer_text (writer, out, n);
  free (out);
  return text;
}

/**
 * mat_text_or_number:
 * @writer: the writer
 * @mat: the file
 * @variable: (nullable): a text or a number
 *
 * Returns: it as a text
 */
ForeignText
mat_text_or_number (Writer   *writer,
                    mat_t    *mat,
                    matvar_t *variable)
{
  char number[40];
  double value;

  if (!mat_load (mat, variable))
    return (ForeignText) { 0, 0 };
  if (mat_is_text (variable))
    return mat_text (writer, variable);
  if (!mat_number (variable, 0, &value) || isnan (value))
    return (ForeignText) { 0, 0 };
  if (value == rint (value) && fabs (value) < 1e15)
    snprintf (number, sizeof number, "%.0f", value);
  else
    snprintf (number, sizeof number, "%.10g", value);
  return writer_string (writer, number);
}
