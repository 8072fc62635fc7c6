// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

/// Does nothing: what matters is the list of libraries that it loads.
int main()
{
    return 0;
}
