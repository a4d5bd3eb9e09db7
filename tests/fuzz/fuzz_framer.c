/*
 * Fuzz target for lib/stream: framing, cutting, decompressing.
 *
 * The first byte chooses the form, the second a batch size, the third
 * max_record; the rest is a file.  What is promised:
 *  - records and faults are the same whatever the size of the batches;
 *  - none overlaps another, and together they hold every byte of a plain file
 *    but those that stand between records in its form;
 *  - in json, array and seq form there are no blank lines.
 */
#include <sys/mman.h>

#include "../unit/reading.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool plain(const struct buf *text)
{
	return !text->len || !strchr("\x1f\x28\x50\x51\x52\x53\x54\x55\x56\x57"
				     "\x58\x59\x5a\x5b\x5c\x5d\x5e\x5f",
				     text->s[0]) ||
	       (text->s[0] == '[' && (text->len < 4 || text->s[1] != '*')) ||
	       !text->s[0];
}

static void read_file(struct pieces *p, char *name,
		      const struct reader_opts *opts)
{
	struct run run = { .opts = *opts, .names = &name, .n = 1, .threads = 1,
			   .stop_after = -1 };

	CHECK(run_all(&run));
	run_pieces(p, &run);
	run_release(&run);
	CHECK(opts->form == INPUT_LINES || opts->form == INPUT_AUTO ||
	      !p->blank);
}

static void check_file(char *name, const struct buf *text, uint8_t form,
		       uint8_t batch, uint8_t max)
{
	struct reader_opts opts = {
		.form = form % 5, .batch_bytes = 1 + batch % 64u,
		.max_record = max & 1 ? 1 + max / 2 : 1 << 20
	};
	struct pieces small = {0}, large = {0};

	read_file(&small, name, &opts);
	opts.batch_bytes = 1 << 16;
	read_file(&large, name, &opts);
	CHECK(same_pieces(&small, &large));
	if (plain(text) && opts.form != INPUT_AUTO) {
		if (text->len >= 3 && !memcmp(text->s, "\xef\xbb\xbf", 3))
			memset(text->s, ' ', 3);
		check_all_there(&small, text, opts.form);
	}
	pieces_release(&small);
	pieces_release(&large);
}

/* Messages about what was rejected are not wanted here. */
static int quiet(void)
{
	int kept = dup(STDERR_FILENO), null = open("/dev/null", O_WRONLY);

	dup2(null, STDERR_FILENO);
	close(null);
	return kept;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = {0};
	char name[40];
	int fd, kept;

	if (size < 3)
		return 0;
	buf_add(&text, data + 3, size - 3);
	fd = memfd_create("framer", MFD_CLOEXEC);
	if (fd < 0 || write(fd, data + 3, size - 3) != (ssize_t)(size - 3))
		abort();
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	kept = quiet();
	check_file(name, &text, data[0], data[1], data[2]);
	dup2(kept, STDERR_FILENO);
	close(kept);
	close(fd);
	buf_release(&text);
	if (failures)
		abort();
	return 0;
}
