/*
 * inflate_only -- reads FILE as discover-attrs does, inflating with the same
 * library into batches, and looks at nothing: what gzip input costs without
 * scanning.
 */
#include <stdio.h>

#include "base/err.h"
#include "stream/reader.h"

int main(int argc, char **argv)
{
	struct reader_opts o = {.form = INPUT_LINES, .max_record = 64 << 20};
	struct reader *r;
	struct batch b;
	uint64_t bytes = 0;

	err_init(argv[0]);
	r = reader_open(&o, argv + 1, (size_t)argc - 1, NULL, 0);
	if (!r)
		return RC_USAGE;
	batch_init(&b);
	while (reader_next(r, &b) == 1)
		bytes += b.len;
	printf("%llu\n", (unsigned long long)bytes);
	batch_release(&b);
	reader_free(r);
	return RC_DONE;
}
