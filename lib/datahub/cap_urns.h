/*
 * cap_urns -- the strings of one aspect, each once, by number.
 *
 * Strings are equal when their unescaped text is.  Numbers run from 0 in the
 * order of the first meeting and are good until urns_clear().  Memory: 48 bytes
 * and a slot of 8 to 16 a string, and copies of those that have escapes.  One
 * thread.
 */
#ifndef DATAHUB_CAP_URNS_H
#define DATAHUB_CAP_URNS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/pool.h"
#include "datahub/cap_doc.h"

#define NO_URN UINT32_MAX

struct urn {
	const char *s;		/* unescaped; in the text or the pool */
	const char *raw;	/* as first written, with quotes; NULL where it
				   is only part of another */
	uint32_t len, raw_len;
	uint32_t dataset;	/* of a field, its dataset; else itself */
	uint32_t size;		/* Python's, with quotes */
	uint32_t stamp;		/* for marking; see urns_stamp() */
	uint32_t rank;		/* see cap_rank.h */
	uint8_t role;		/* see cap_lineage.h */
};

struct urns {
	struct urn *items;
	uint64_t *slots;	/* half of the hash, and number + 1 */
	size_t n, cap, mask;	/* mask: slots - 1, or 0 */
	uint32_t last_stamp;
	struct pool pool;
};

void urns_clear(struct urns *);
void urns_release(struct urns *);

/* The number of the string ${v}, as written with quotes. */
uint32_t urns_string(struct urns *, struct val v);
/* The number of unescaped text, which must live as long as the table. */
uint32_t urns_text(struct urns *, const char *s, size_t len);

/*
 * The dataset in the field URN ${id}: what stands between the bracket and the
 * last comma.  Any other URN is its own.  Worked out once.
 */
uint32_t urns_dataset(struct urns *, uint32_t id);

/* A number that no .stamp has yet. */
uint32_t urns_stamp(struct urns *);

/* By bytes, as memcmp() has it; the shorter one first. */
int urns_compare(const struct urn *, const struct urn *);

#endif
