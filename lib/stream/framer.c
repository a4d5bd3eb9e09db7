/*
 * framer -- json and array form (to come: such a source is empty for now).
 */
#include "stream/stream.h"

void framer_begin(struct framer *f, enum input_form form, uint64_t max_record,
		  const char *shown)
{
	(void)form;
	(void)max_record;
	f->shown = shown;
}

void framer_release(struct framer *f)
{
	(void)f;
}

int framed_next(struct stream *s, struct batch *b)
{
	(void)b;
	s->state = GOT_END;
	return 0;
}
