local function make(depth)
    if depth == 0 then return {left = false, right = false} end
    return {left = make(depth - 1), right = make(depth - 1)}
end
local function check(tree)
    if not tree.left then return 1 end
    return 1 + check(tree.left) + check(tree.right)
end
local max = 14
local kept = make(max)
local out = ""
for depth = 4, max, 3 do
    local count = 2 ^ (max - depth + 4)
    local sum = 0
    for _ = 1, count do sum = sum + check(make(depth)) end
    out = out .. count .. ":" .. sum .. " "
end
print(out .. check(kept))
