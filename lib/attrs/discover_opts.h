/*
 * discover_opts -- the command line of discover-attrs.
 */
#ifndef ATTRS_DISCOVER_OPTS_H
#define ATTRS_DISCOVER_OPTS_H

#include "attrs/scan.h"
#include "base/buf.h"
#include "base/common_opts.h"
#include "stream/reader.h"

struct discover_opts {
	struct common_opts common;
	struct scan_opts scan;
	struct reader_opts reader;
	struct opt_list map;
	struct buf sample_key;
	const char *files0, *resume, *sample_key_file;
	uint64_t values, samples, time_limit_ms, max_raw;
	int form, stats;
	bool hadoop;
};

extern const struct opts_spec discover_spec;

/* Defaults. */
void discover_opts_init(struct discover_opts *);
void discover_opts_release(struct discover_opts *);

/*
 * After opts_parse(): fills .scan and .reader with what several options say
 * together, and reads the sample key.  RC_DONE, or RC_USAGE after a message.
 */
int discover_opts_check(struct discover_opts *);

#endif
