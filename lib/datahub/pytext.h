/*
 * pytext -- JSON values as Python prints them: the texts that DataHub's
 * connector puts into customProperties (--compat=upstream).
 *
 * Numbers stay as written (Python would print 1e2 as 100.0).  Characters
 * outside ASCII count as printable in pytext_repr().
 */
#ifndef DATAHUB_PYTEXT_H
#define DATAHUB_PYTEXT_H

#include "base/buf.h"
#include "json/dom.h"

/* str() of the value: {'a': [1, 'x'], 'b': None}. */
void pytext_repr(struct buf *, const struct dom *);

/* json.dumps(): ", " and ": " between, ASCII only. */
void pytext_dumps(struct buf *, const struct dom *);

/* The first ${chars} characters of the UTF-8 ${text}. */
struct span pytext_cut(struct span text, size_t chars);

#endif
