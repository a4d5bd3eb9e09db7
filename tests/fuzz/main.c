/*
 * main -- replays inputs through a fuzz target, without a fuzzer.
 *
 *	fuzz_NAME FILE|FOLDER...
 *
 * "make check" runs the corpora with it.  A target is one function, as
 * libFuzzer defines it, and calls abort() where a promise is broken.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned long replayed;

static void replay_file(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf b = {0};
	uint8_t *exact;
	size_t n;

	if (!f)
		err_die(RC_FAILED, "%s: cannot be opened", path);
	while ((n = fread(buf_reserve(&b, 65536), 1, 65536, f)) > 0)
		b.len += n;
	if (ferror(f) || fclose(f))
		err_die(RC_FAILED, "%s: cannot be read", path);
	/* Of this very size, so that a sanitizer sees what reads past it. */
	exact = mem_alloc(b.len);
	if (b.len)
		memcpy(exact, b.s, b.len);
	LLVMFuzzerTestOneInput(exact, b.len);
	free(exact);
	buf_release(&b);
	replayed++;
}

static int no_dot(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void replay(const char *path)
{
	struct dirent **entries;
	struct buf name = {0};
	struct stat st;
	int n, i;

	if (stat(path, &st))
		err_die(RC_FAILED, "%s: is not there", path);
	if (!S_ISDIR(st.st_mode)) {
		replay_file(path);
		return;
	}
	n = scandir(path, &entries, no_dot, alphasort);
	if (n < 0)
		err_die(RC_FAILED, "%s: cannot be read", path);
	for (i = 0; i < n; i++) {
		buf_clear(&name);
		buf_addf(&name, "%s/%s", path, entries[i]->d_name);
		replay(buf_cstr(&name));
		free(entries[i]);
	}
	free(entries);
	buf_release(&name);
}

int main(int argc, char **argv)
{
	int i;

	err_init(argv[0]);
	for (i = 1; i < argc; i++)
		replay(argv[i]);
	if (!replayed)
		err_die(RC_USAGE, "no input to replay");
	printf("%lu inputs replayed\n", replayed);
	return 0;
}
