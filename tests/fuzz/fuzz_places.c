/*
 * Fuzz target for what split-batches reads of its own making: the index of a
 * worker's places, and the file of --state.
 *
 * The input is both.  What is promised:
 *  - runs follow each other without a gap, each is found by its first and last
 *    byte, and none behind the last one;
 *  - a state has a name for each file, or is refused.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stream/place.h"
#include "stream/places.h"
#include "stream/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool promise)
{
	if (!promise)
		abort();
}

static void try_places(int fd)
{
	char number[16];
	struct places *p;
	struct place run, found;
	uint64_t end = 0;

	snprintf(number, sizeof(number), "%d", fd);
	setenv(PLACE_INDEX_ENV, number, 1);
	p = places_open(NULL);
	must(p != NULL);
	for (size_t i = 0; places_get(p, i, &run); i++) {
		must(run.number == i && run.start == end && run.end > end);
		must(places_find(p, run.start, &found) && found.number == i);
		must(places_find(p, run.end - 1, &found) && found.number == i);
		must(run.source && places_back(p, run.source, run.byte) !=
		     UINT64_MAX);
		end = run.end;
	}
	must(!places_find(p, end, &found));
	places_free(p);
}

static void try_state(const char *text, size_t len)
{
	struct state s = {0};

	if (state_parse(&s, text, len))
		for (size_t i = 0; i < s.n; i++)
			must(s.files[i].source != NULL &&
			     s.files[i].head_len <= STATE_HEAD);
	state_release(&s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	try_places(fd);
	try_state((const char *)data, size);
	close(fd);
	return 0;
}
