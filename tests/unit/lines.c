/*
 * lines -- lines of plain and of keyed results, however they arrive.
 */
#include "attrs/lines.h"

#include <sys/socket.h>

#include "unit.h"

/* Each line of ${l} in <>, what is left at the end in (). */
static void gather(struct lines *l, struct buf *text)
{
	char *line;
	size_t len;

	while (lines_next(l, &line, &len)) {
		buf_adds(text, "<");
		buf_add(text, line, len);
		buf_adds(text, ">");
	}
}

/* ${text} in pieces of ${step} bytes, each of which is read by itself. */
static bool reads(struct lines *l, const char *text, size_t step,
		  const char *want)
{
	struct buf got = {0};
	size_t len = strlen(text), rest;
	const char *left;
	bool ok;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fds))
		return false;
	lines_start(l, fds[0]);
	for (size_t at = 0; at < len; at += step) {
		size_t n = len - at < step ? len - at : step;

		if (write(fds[1], text + at, n) != (ssize_t)n ||
		    lines_more(l) != (long)n)
			return false;
		gather(l, &got);
	}
	close(fds[1]);
	if (lines_more(l))
		return false;
	left = lines_rest(l, &rest);
	buf_addf(&got, "(%.*s)%s", (int)rest, left, l->bare ? " bare" : "");
	ok = same(&got, want);
	close(fds[0]);
	buf_release(&got);
	return ok;
}

/* In pieces of any size. */
static bool all_pieces(const char *text, const char *want)
{
	struct lines l = {0};
	bool ok = true;

	for (size_t step = 1; step <= strlen(text) && ok; step++)
		ok = reads(&l, text, step, want);
	lines_release(&l);
	return ok;
}

static void check_forms(void)
{
	CHECK(all_pieces("a\nb\n", "<a><b>()"));
	CHECK(all_pieces("a\n\nb", "<a><>(b)"));
	/* a tab is none of an end but behind a key */
	CHECK(all_pieces("a\tb\nattr\tc\nattrs", "<a\tb><attr\tc>(attrs)"));
	CHECK(all_pieces("attrs\ta\tb\n", "<a><b>()"));
	CHECK(all_pieces("attrs\ta\tb", "<a>(b)"));
	/* key or not is decided for each line anew */
	CHECK(all_pieces("x\ty\nattrs\ta\tattrs\tb\nx\ty\nattrs\tc\nd",
			 "<x\ty><a><attrs><b><x\ty><c>(d)"));
}

static void check_bare(void)
{
	CHECK(all_pieces("attrs\t", "() bare"));
	CHECK(all_pieces("attrs\t\n", "<>() bare"));
	CHECK(all_pieces("attrs\t\t", "<>() bare"));
	CHECK(all_pieces("attrs\t\ta\n", "<><a>()"));
	CHECK(all_pieces("attrs\ta\n\n", "<a><>()"));
}

int main(void)
{
	check_forms();
	check_bare();
	return unit_end("lines");
}
