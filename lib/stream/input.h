/*
 * input -- what split-batches reads: from options to a supplier of batches.
 *
 *	input_open()	options and files that do not fit are refused
 *	input_prepare()	with --order-by the index is made; counts are checked
 *	input_call()	the supplier gives the next call's batches; without
 *			--calls there is one call, all of it
 *	input_done()	after success: --state is replaced
 *	input_release()
 *
 * Memory: the index of --order-by takes up to half of --max-memory.
 */
#ifndef STREAM_INPUT_H
#define STREAM_INPUT_H

#include "stream/memory.h"
#include "stream/names.h"
#include "stream/ordered.h"
#include "stream/parcel.h"
#include "stream/rejects.h"
#include "stream/split_opts.h"
#include "stream/state.h"
#include "stream/watermark.h"
#include "stream/where.h"

struct input {
	const struct split_opts *o;
	struct names names;
	struct supplier *supplier;	/* to take batches from */
	struct supplier *cutter;	/* NULL once .ordered owns it */
	struct ordered *ordered;	/* --order-by */
	struct where *where;		/* --where */
	struct watermark *watermark;
	struct state state;
	bool by_offset;		/* .state says what there is to read */
	struct memory_plan memory;
	bool counted;		/* .records is known */
	uint64_t records;
	_Atomic uint64_t call;	/* the next one, from 0; progress looks */
	uint64_t calls;		/* the one behind the last */
};

/* RC_DONE, or RC_USAGE after a message.  To be released in both cases. */
int input_open(struct input *, const struct split_opts *, char **operands,
	       size_t n, struct rejects *);
/* After stop_watch().  RC_DONE, or another one after a message. */
int input_prepare(struct input *);
/*
 * 1: .supplier gives the batches of the next call; 0: there was none left; -1
 * after a message.  A call's time limit begins here, but the first one's.
 */
int input_call(struct input *);
/* The whole run ended with ${rc}, which is joined. */
int input_done(struct input *, int rc);
void input_release(struct input *);

#endif
