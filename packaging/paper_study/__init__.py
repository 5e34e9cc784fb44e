# SPDX-License-Identifier: Apache-2.0
"""The paper's claims, measured again: runs resources/studies and writes a report (packaging/study)."""
