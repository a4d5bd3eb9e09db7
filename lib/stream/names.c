/*
 * names -- the list of input files.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "stream/names.h"

#define READ_BYTES (64 * 1024)

static void add(struct names *names, char *name)
{
	mem_grow(&names->items, &names->cap, names->n + 1, sizeof(char *));
	names->items[names->n++] = name;
}

static int read_all(int fd, struct buf *text)
{
	ssize_t got;

	for (;;) {
		got = read(fd, buf_reserve(text, READ_BYTES), READ_BYTES);
		if (got > 0)
			text->len += (size_t)got;
		else if (!got)
			return 0;
		else if (errno != EINTR)
			return -1;
	}
}

/* The whole of ${file} with a NUL behind it; -1 after a message. */
static int read_file(const char *file, struct buf *text)
{
	bool in = !strcmp(file, "-");
	int fd = in ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : read_all(fd, text);

	if (rc)
		err_msg("%s: %s", in ? "<stdin>" : file, strerror(errno));
	if (fd >= 0 && !in)
		close(fd);
	buf_cstr(text);
	return rc;
}

/* A fault in the list itself; du(1) refuses the same. */
static const char *wrong_name(const char *name, bool list_is_stdin)
{
	if (!*name)
		return "an empty file name (names end with NUL)";
	if (list_is_stdin && !strcmp(name, "-"))
		return "no file name \"-\" when the names come from stdin";
	return NULL;
}

static int split(struct names *names, const char *file, size_t len)
{
	bool in = !strcmp(file, "-");
	char *s = names->text, *end = s + len;
	const char *wrong;

	for (; s < end; s += strlen(s) + 1) {
		wrong = wrong_name(s, in);
		if (wrong) {
			err_msg("%s:%zu: %s", in ? "<stdin>" : file,
				names->n + 1, wrong);
			return -1;
		}
		add(names, s);
	}
	return 0;
}

static int from_file(struct names *names, const char *file)
{
	struct buf text = {0};
	int rc = read_file(file, &text);

	names->text = text.s;	/* now owned by names */
	return rc ? rc : split(names, file, text.len);
}

int names_read(struct names *names, const char *files0_from, char **operands,
	       size_t n)
{
	static char in[] = "-";

	*names = (struct names){0};
	if (files0_from && n) {
		err_msg("%s: file operands cannot be combined with "
			"--files0-from", operands[0]);
		return -1;
	}
	if (files0_from)
		return from_file(names, files0_from);
	for (size_t i = 0; i < n; i++)
		add(names, operands[i]);
	if (!n)
		add(names, in);
	return 0;
}

void names_release(struct names *names)
{
	free(names->items);
	free(names->text);
	*names = (struct names){0};
}
