-- Neovim as a client of `layerwise lsp`: diagnostics, a fix, completion, renaming. Prints what the buffer shows after each.
--
-- Usage: LAYERWISE=path/to/layerwise nvim --headless -u NONE -c 'luafile tests/editors/neovim.lua' Dockerfile
local out = assert(io.open(os.getenv("RESULT"), "w"))

local function say(title, lines)
  out:write("== " .. title .. "\n")
  for _, line in ipairs(lines) do
    out:write(line .. "\n")
  end
end

local function text()
  return vim.api.nvim_buf_get_lines(0, 0, -1, true)
end

local function wait_for(what, done)
  if not vim.wait(20000, done, 10) then
    say("nothing came of " .. what, text())
    out:close()
    vim.cmd("cquit!")
  end
end

local function same(a, b)
  return table.concat(a, "\n") == table.concat(b, "\n")
end

local ok, problem = pcall(function()
  local id = vim.lsp.start_client({
    name = "layerwise",
    cmd = { os.getenv("LAYERWISE"), "lsp" },
    root_dir = vim.fn.getcwd(),
    get_language_id = function()
      return "dockerfile"
    end,
  })
  vim.lsp.buf_attach_client(0, id)
  local client
  wait_for("the start", function()
    client = vim.lsp.get_client_by_id(id)
    return client and client.initialized
  end)

  local function diagnostics()
    local list = {}
    for _, it in ipairs(vim.diagnostic.get(0)) do
      local message = vim.split(it.message, "\n")[1]
      table.insert(list, string.format("%d:%d %s %s", it.lnum + 1, it.col + 1, it.code, message))
    end
    table.sort(list)
    return list
  end
  wait_for("the diagnostics", function()
    return #vim.diagnostic.get(0) > 0
  end)
  say("diagnostics", diagnostics())

  -- The fix of DL3014, as a person chooses it.
  vim.ui.select = function(items, options, choose)
    for index, item in ipairs(items) do
      if options.format_item(item):find("Add `-y` (DL3014)", 1, true) then
        return choose(item, index)
      end
    end
    choose(nil, nil)
  end
  local before = text()
  vim.api.nvim_win_set_cursor(0, { 2, 6 })
  vim.lsp.buf.code_action()
  wait_for("the fix", function()
    return not same(before, text())
  end)
  say("fixed", text())
  wait_for("the diagnostics of the fixed text", function()
    return #vim.diagnostic.get(0) == 0
  end)
  say("diagnostics", diagnostics())

  -- The name of the stage, in `COPY --from=`.
  vim.api.nvim_win_set_cursor(0, { 4, 12 })
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  params.position.character = 12
  local answers = vim.lsp.buf_request_sync(0, "textDocument/completion", params, 20000)
  local labels = {}
  for _, item in ipairs(answers[id].result) do
    table.insert(labels, item.label)
  end
  say("completion", labels)

  before = text()
  vim.api.nvim_win_set_cursor(0, { 1, 18 })
  vim.lsp.buf.rename("builder")
  wait_for("the renaming", function()
    return not same(before, text())
  end)
  say("renamed", text())

  local can = client.server_capabilities
  say("formats", { tostring(can.documentFormattingProvider or can.documentRangeFormattingProvider or false) })
  -- There is no formatter: asking for one leaves the text as it is, indentation and blank lines included.
  vim.api.nvim_buf_set_lines(0, -1, -1, true, { "", "  WORKDIR   /x  " })
  pcall(vim.lsp.buf.format, { async = false, timeout_ms = 5000 })
  say("formatted", text())
end)
if not ok then
  say("failed", { tostring(problem) })
end
out:close()
vim.cmd("qall!")
