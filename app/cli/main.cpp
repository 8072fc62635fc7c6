// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/application.h"

int main(int argc, char** argv)
{
    return qdrant2pg::cli::runApplication(argc, argv);
}
