/*
 * formats_table -- names of formats, classes of bytes.
 */
#include "attrs/formats.h"
#include "attrs/formats_in.h"

const char *const format_names[] = {
#define X(id, name) name,
	FORMAT_LIST(X)
#undef X
	NULL
};

_Static_assert(FMT_COUNT <= FORMATS_MAX, "a mask has 64 bits");

const int format_epoch_s = FMT_EPOCH_S, format_epoch_ms = FMT_EPOCH_MS;

unsigned format_count(void)
{
	return FMT_COUNT;
}

int format_index(const char *name, size_t len)
{
	for (int i = 0; i < FMT_COUNT; i++)
		if (strlen(format_names[i]) == len &&
		    memcmp(format_names[i], name, len) == 0)
			return i;
	return -1;
}

#define T (C_START | C_ATEXT)			/* tokens of email */
#define P (T | C_SCHEME)			/* + */
#define H (T | C_SCHEME | C_LABEL | C_NUMBER)	/* - */
#define D (H | C_DIGIT | C_HEX)			/* 0-9 */
#define L (T | C_SCHEME | C_LABEL | C_ALPHA)	/* g-z but for */
#define N (L | C_BOOL << 2)			/* n */
#define O (L | C_BOOL << 2 | C_BOOL << 3)	/* o */
#define R (L | C_BOOL << 4)			/* t */
#define Y (L | C_BOOL << 3)			/* y */
#define X (L | C_HEX)				/* a-e */
#define F (X | C_BOOL << 5)			/* f */
#define C (C_START)				/* : */
#define S (C_SCHEME)				/* . */

const uint16_t format_class[256] = {
	/* control bytes */
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	/*  !"#$%&'()*+,-./ */
	0, T, 0, T, T, T, T, T, 0, 0, T, P, 0, H, S, T,
	/* 0123456789:;<=>? */
	D, D, D, D, D, D, D, D, D, D, C, 0, 0, T, 0, T,
	/* @ABCDEFGHIJKLMNO */
	0, X, X, X, X, X, F, L, L, L, L, L, L, L, N, O,
	/* PQRSTUVWXYZ[\]^_ */
	L, L, L, L, R, L, L, L, L, Y, L, 0, 0, 0, T, T,
	/* `abcdefghijklmno */
	T, X, X, X, X, X, F, L, L, L, L, L, L, L, N, O,
	/* pqrstuvwxyz{|}~ DEL; bytes from 0x80 on are in no format */
	L, L, L, L, R, L, L, L, L, Y, L, T, T, T, T, 0
};
