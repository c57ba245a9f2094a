// SPDX-License-Identifier: GPL-2.0
#include "flow_file.h"

#include "cmd.h"
#include "out.h"

int flow_file_read(const char *path, struct flow_file *out)
{
	struct eqfw_fault fault = { 0 };
	struct diag diag = { 0 };
	int status = profile_file_read(path, &diag, &out->file);
	int error;

	if (status)
		return status;
	error = eqfw_table_build(&out->file.profile, &out->table, &fault);
	if (error) {
		out_complain("%s: no table can be made of it: %s", path,
			     error == -E2BIG ? fault.what : "out of memory");
		profile_file_free(&out->file);
		return error == -E2BIG ? EXIT_STATUS_INVALID : EXIT_STATUS_NO;
	}
	out->base = (struct flow_base){ &out->file.profile, out->table };
	return EXIT_STATUS_OK;
}

void flow_file_free(struct flow_file *file)
{
	eqfw_table_free(file->table);
	profile_file_free(&file->file);
}
