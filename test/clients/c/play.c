/*
 * Plays calls against scripts and writes what came of them, for a comparison with the player in TypeScript.
 *
 * Standard input: for each case the size of the script, the script, the number of calls, and X0 to X17 of each; sizes and
 * numbers have 32 bits, everything is little-endian. Standard output: for each call X0 to X17 and the model (8 bytes); for
 * each case the counts of struct swcca_status and the memory.
 */
#include "swcca.h"

#include <stdio.h>
#include <stdlib.h>

#define BASE 0x80000000u
#define MEMORY_SIZE (2 * SWCCA_GRANULE)
#define MAX_SCRIPT_SIZE 0x20000

static _Alignas(SWCCA_GRANULE) uint8_t memory[MEMORY_SIZE];
static uint8_t script[MAX_SCRIPT_SIZE];

static bool read_number(uint64_t *value, unsigned int size)
{
	uint8_t bytes[8];
	unsigned int i;

	if (fread(bytes, 1, size, stdin) != size)
		return false;
	*value = 0;
	for (i = 0; i < size; i++)
		*value |= (uint64_t)bytes[i] << (8 * i);
	return true;
}

static void write_number(uint64_t value)
{
	unsigned int i;

	for (i = 0; i < 8; i++)
		putchar((int)(value >> (8 * i) & 0xff));
}

static void require(bool holds)
{
	if (!holds) {
		fprintf(stderr, "play: standard input is cut short\n");
		exit(2);
	}
}

static void play_case(uint64_t size)
{
	const struct swcca_status *status = swcca_status();
	uint64_t calls = 0;
	unsigned int i;

	require(size <= sizeof script && fread(script, 1, size, stdin) == size && read_number(&calls, 4));
	for (i = 0; i < sizeof memory; i++)
		memory[i] = 0;
	swcca_memory(BASE, memory, sizeof memory);
	swcca_use_script(script, size);
	for (; calls > 0; calls--) {
		uint64_t r[SWCCA_REGISTERS];

		for (i = 0; i < SWCCA_REGISTERS; i++)
			require(read_number(&r[i], 8));
		smc_call(r);
		for (i = 0; i < SWCCA_REGISTERS; i++)
			write_number(r[i]);
		write_number(status->model);
	}
	write_number(status->calls);
	write_number(status->departures);
	write_number(status->waits);
	write_number(status->bound);
	write_number(status->last_status);
	write_number(status->total);
	write_number(status->overlong);
	write_number(status->complete);
	fwrite(memory, 1, sizeof memory, stdout);
}

int main(void)
{
	uint64_t size;

	while (read_number(&size, 4))
		play_case(size);
	return 0;
}
