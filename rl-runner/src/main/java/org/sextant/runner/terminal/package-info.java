// SPDX-License-Identifier: Apache-2.0
/** What a person sees of a run: a live line or log lines, samples, and the table at the end. */
package org.sextant.runner.terminal;
