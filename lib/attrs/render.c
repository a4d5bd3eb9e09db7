/*
 * render -- the table of formats, and what they share.
 */
#include "base/err.h"
#include "attrs/render.h"

#define FLUSH_AT (64 * 1024)

const struct render_format render_formats[] = {
#define X(name, function, uses) {name, function, uses},
	RENDER_FORMATS(X)
#undef X
	{0}
};

int render_flush(struct render *r)
{
	int rc = out_add(r->out, r->text.s ? r->text.s : "", r->text.len);

	buf_clear(&r->text);
	return rc;
}

int render_flush_some(struct render *r)
{
	return r->text.len < FLUSH_AT ? 0 : render_flush(r);
}
