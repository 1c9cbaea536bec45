/** Settings under which a question reaches nothing but the rows: no extension is fetched, no address and no file is opened. */
export const closedSettings =
  'set autoinstall_known_extensions = false; set autoload_known_extensions = false; set enable_external_access = false;';
