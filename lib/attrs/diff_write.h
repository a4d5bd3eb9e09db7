/*
 * diff_write -- drift as lines of JSON, text, a Markdown table or annotations.
 */
#ifndef ATTRS_DIFF_WRITE_H
#define ATTRS_DIFF_WRITE_H

#include "attrs/diff.h"
#include "base/buf.h"

enum drift_format { DRIFT_NDJSON, DRIFT_TEXT, DRIFT_MARKDOWN, DRIFT_GITHUB };

/* Appends one drift, line end included. */
void drift_write(struct buf *, enum drift_format, const struct drift *);

/* What stands before the first drift, and after the last (${n} by class). */
void drift_write_head(struct buf *, enum drift_format);
void drift_write_feet(struct buf *, enum drift_format,
		      const uint64_t n[DRIFT_CLASSES]);

#endif
