local function sieve(limit)
    local composite = {}
    for i = 1, limit do composite[i] = false end
    local count = 0
    for i = 2, limit do
        if not composite[i] then
            count = count + 1
            for k = i * 2, limit, i do composite[k] = true end
        end
    end
    return count
end
local total = 0
for _ = 1, 6 do total = total + sieve(1000000) end
print(total)
